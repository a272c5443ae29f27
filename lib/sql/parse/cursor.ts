import type { NotUnderstoodCode } from "../analysis";
import { PLACEHOLDER_BASE } from "../canonical";
import type { Expression, IndexHints, Query, ValueRef } from "../model";
import type { Literal, Token } from "../token";

/** Stops the reading of a statement; caught in `parse`, never seen outside of it. */
export class Refusal extends Error {
  readonly code: NotUnderstoodCode;
  readonly token: number | null;

  constructor(code: NotUnderstoodCode, message: string, token: number | null) {
    super(message);
    this.code = code;
    this.token = token;
  }
}

/** An argument of a simplified call: a value, or a whole subquery. */
export type Argument =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "query"; readonly query: Query };

/** What the call `f<n>(..)` of the simplified text stands for. */
export interface Shape {
  readonly count: number;
  readonly build: (args: readonly Argument[]) => Expression;
}

/** Everything the simplified text refers to by number. */
export interface References {
  readonly tokens: readonly Token[];
  readonly literals: readonly Literal[];
  readonly shapes: readonly Shape[];
  /** Column lists of derived tables and CTEs, by the token index of the alias. */
  readonly columnLists: ReadonlyMap<number, readonly string[]>;
  /** Documents of JSON_TABLE, by the token index of the alias: the derived table in the text only carries the expression. */
  readonly jsonTables: ReadonlyMap<number, readonly string[]>;
  /** Aliases of derived tables that were written LATERAL: in the simplified text all are, so that they parse everywhere. */
  readonly laterals: ReadonlySet<number>;
  /** By the token index of a table's alias, or of its name when it has none. */
  readonly indexHints: ReadonlyMap<number, IndexHints>;
}

/** Bounds the recursion of CASE, INTERVAL and the like; parentheses are bounded by the lexer. */
const MAX_DEPTH = 60;

/**
 * A position in the tokens of one statement, and what was gathered on the way. Readers take tokens from it and return
 * simplified SQL: every name is `n<token>`, every literal a number, every operator and function a call `f<shape>(..)`.
 */
export class Cursor implements References {
  readonly tokens: readonly Token[];
  readonly literals: readonly Literal[];
  readonly shapes: Shape[] = [];
  readonly columnLists = new Map<number, readonly string[]>();
  readonly jsonTables = new Map<number, readonly string[]>();
  readonly laterals = new Set<number>();
  readonly indexHints = new Map<number, IndexHints>();
  readonly pipesAsConcat: boolean;
  /** WINDOW definitions of the SELECT being read: lower-case name to the index of the opening parenthesis. */
  windows: ReadonlyMap<string, number> = new Map();
  position: number;
  locking = false;
  calcFoundRows = false;
  into: "file" | "variable" | null = null;
  readonly #closing: ReadonlyMap<number, number>;
  #depth = 0;

  constructor(
    tokens: readonly Token[],
    literals: readonly Literal[],
    options: { start: number; pipesAsConcat: boolean },
  ) {
    this.tokens = tokens;
    this.literals = literals;
    this.position = options.start;
    this.pipesAsConcat = options.pipesAsConcat;
    this.#closing = pairs(tokens);
  }

  /** Index of the parenthesis that closes the one at `index`; past the end when there is none at `index`. */
  matching(index: number): number {
    return this.#closing.get(index) ?? this.tokens.length;
  }

  at(ahead = 0): Token | undefined {
    return this.tokens[this.position + ahead];
  }

  isWord(upper: string, ahead = 0): boolean {
    const token = this.at(ahead);
    return token !== undefined && token.kind === "word" && token.upper === upper;
  }

  isOneOf(words: ReadonlySet<string>, ahead = 0): boolean {
    const token = this.at(ahead);
    return token !== undefined && token.kind === "word" && words.has(token.upper);
  }

  /** Punctuation or operator `text`. */
  isSign(text: string, ahead = 0): boolean {
    const token = this.at(ahead);
    return token !== undefined && (token.kind === "punctuation" || token.kind === "operator") && token.text === text;
  }

  takeWord(upper: string): boolean {
    if (!this.isWord(upper)) return false;
    this.position += 1;
    return true;
  }

  takeSign(text: string): boolean {
    if (!this.isSign(text)) return false;
    this.position += 1;
    return true;
  }

  expectWord(upper: string): void {
    if (!this.takeWord(upper)) this.unexpected(upper);
  }

  expectSign(text: string): void {
    if (!this.takeSign(text)) this.unexpected(`"${text}"`);
  }

  /** An identifier: a word that is not reserved, or a quoted name. Any word after a dot. */
  isName(ahead = 0): boolean {
    const token = this.at(ahead);
    if (token === undefined) return false;
    return token.kind === "quotedName" || (token.kind === "word" && !token.reserved);
  }

  /** Takes a name and returns its token index. */
  takeName(): number {
    if (!this.isName()) this.unexpected("a name");
    this.position += 1;
    return this.position - 1;
  }

  nameAt(index: number): string {
    const token = this.tokens[index];
    if (token === undefined) return this.unexpected("a name");
    return token.text;
  }

  isLiteral(ahead = 0): boolean {
    const token = this.at(ahead);
    return token !== undefined && token.literal >= 0;
  }

  takeLiteral(): Literal {
    const token = this.at();
    const literal = token === undefined ? undefined : this.literals[token.literal];
    if (literal === undefined) return this.unexpected("a value");
    this.position += 1;
    return literal;
  }

  /** Registers what a call stands for and writes the call. */
  call(args: readonly string[], build: Shape["build"]): string {
    this.shapes.push({ count: args.length, build });
    return `f${this.shapes.length - 1}(${args.join(", ")})`;
  }

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.refuse("TOO_COMPLEX", "it is nested too deep");
    const result = read();
    this.#depth -= 1;
    return result;
  }

  refuse(code: NotUnderstoodCode, message: string): never {
    throw new Refusal(code, message, this.position < this.tokens.length ? this.position : null);
  }

  unsupported(what: string): never {
    return this.refuse("UNSUPPORTED", `${what} is not supported`);
  }

  unexpected(wanted: string): never {
    const token = this.at();
    const found = token === undefined ? "the end of the statement" : `"${token.text.slice(0, 40)}"`;
    return this.refuse("SYNTAX", `${wanted} was expected but ${found} was found`);
  }
}

function pairs(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const open: number[] = [];
  const closing = new Map<number, number>();
  tokens.forEach((token, index) => {
    if (token.kind !== "punctuation") return;
    if (token.text === "(") open.push(index);
    else if (token.text === ")") {
      const start = open.pop();
      if (start !== undefined) closing.set(start, index);
    }
  });
  return closing;
}

/** How the simplified text spells a literal: a number that carries its index. */
export function literalText(literal: Literal): string {
  return String(PLACEHOLDER_BASE + literal.index);
}

/** The value a literal or parameter stands for. */
export function valueRef(literal: Literal): ValueRef {
  return literal.kind === "parameter"
    ? { kind: "parameter", parameter: literal.parameter }
    : { kind: "literal", literal: literal.index };
}

/** The value argument of a shape; a subquery where a value belongs is a mistake of this module. */
export function expressionOf(args: readonly Argument[], index: number): Expression {
  const argument = args[index];
  if (argument?.kind !== "expression") throw new Refusal("MISREAD", "an argument is missing", null);
  return argument.expression;
}

export function expressionsOf(args: readonly Argument[], from = 0, to = args.length): readonly Expression[] {
  return args.slice(from, to).map((_, index) => expressionOf(args, from + index));
}

export function queryOf(args: readonly Argument[], index: number): Query {
  const argument = args[index];
  if (argument?.kind !== "query") throw new Refusal("MISREAD", "a subquery is missing", null);
  return argument.query;
}
