import type { Literal, Token } from "../token";

/** A name of one or two parts as written. */
export interface WrittenName {
  readonly schema: string | null;
  readonly name: string;
}

/** Reads tokens from left to right; every method consumes only when it returns something. */
export class TokenReader {
  readonly tokens: readonly Token[];
  readonly literals: readonly Literal[];
  at: number;

  constructor(tokens: readonly Token[], literals: readonly Literal[], at = 0) {
    this.tokens = tokens;
    this.literals = literals;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  /** The next words are these, in this order (upper case). */
  words(...words: readonly string[]): boolean {
    const match = words.every((word, ahead) => this.peek(ahead)?.upper === word && this.peek(ahead)?.kind === "word");
    if (match) this.at += words.length;
    return match;
  }

  /** One of these words, or null. */
  oneOf(...words: readonly string[]): string | null {
    const upper = this.peek()?.kind === "word" ? (this.peek()?.upper ?? "") : "";
    if (!words.includes(upper)) return null;
    this.at += 1;
    return upper;
  }

  /** This operator or punctuation. */
  sign(text: string): boolean {
    const token = this.peek();
    const match = token?.text === text && (token.kind === "operator" || token.kind === "punctuation");
    if (match) this.at += 1;
    return match;
  }

  /** An identifier: a back-quoted name or a word that is not reserved. */
  name(): string | null {
    const token = this.peek();
    if (token === undefined) return null;
    if (token.kind !== "quotedName" && (token.kind !== "word" || token.reserved)) return null;
    this.at += 1;
    return token.text;
  }

  /** `name` or `schema.name`. */
  qualifiedName(): WrittenName | null {
    const first = this.name();
    if (first === null) return null;
    if (!this.sign(".")) return { schema: null, name: first };
    const second = this.peek();
    // After a dot that touches it even a reserved word is a name, and the lexer has marked it so.
    const name = second === undefined ? null : this.name();
    return name === null ? null : { schema: first, name };
  }

  /** A literal of this kind. */
  literal(kind: Literal["kind"]): Literal | null {
    const token = this.peek();
    const found = token === undefined ? undefined : this.literals[token.literal];
    if (found?.kind !== kind) return null;
    this.at += 1;
    return found;
  }

  /** A whole number in plain digits. */
  integer(): number | null {
    const token = this.peek();
    const found = token === undefined ? undefined : this.literals[token.literal];
    if (found?.kind !== "number" || found.form !== "integer" || found.value.length > 15) return null;
    this.at += 1;
    return Number(found.value);
  }
}
