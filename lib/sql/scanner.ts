import { CHARACTER_CLASS, CONTROL, DIGIT, HIGH, hasClass, OPERATOR, SPACE, WORD } from "./characters";
import { isIntroducer, isReserved } from "./keywords";
import { LexRefusal } from "./refusal";
import { scanComment } from "./scan-comment";
import { type ScannedNumber, scanNumber, scanQuotedNumber } from "./scan-number";
import { scanOperator } from "./scan-operator";
import { BACK_QUOTE, DOUBLE_QUOTE, decodeString, QUOTE, scanQuotedName, scanString } from "./scan-quoted";
import { scanVariable } from "./scan-variable";
import { Source } from "./source";
import type {
  Comment,
  Dialect,
  Hazard,
  LexLimits,
  Literal,
  LiteralPart,
  NotUnderstoodReason,
  Token,
  TokenKind,
} from "./token";

const AT = 0x40;
const DOT = 0x2e;
const OPEN = 0x28;
const CLOSE = 0x29;
const STAR = 0x2a;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const PARAMETER = 0x3f;
const DOLLAR = 0x24;
const BACKSLASH = 0x5c;
/** Adjacent strings in one literal; nobody writes more, and joining is quadratic. */
const MAX_PARTS = 64;
/** Introducers that change nothing about where a utf8mb4 string ends. */
const ALLOWED_INTRODUCERS: ReadonlySet<string> = new Set(["_BINARY", "_UTF8MB4"]);

/** One pass over one statement; throws LexRefusal. */
export class Scanner {
  readonly tokens: Token[] = [];
  readonly literals: Literal[] = [];
  readonly comments: Comment[] = [];
  readonly hazards = new Set<Hazard>();
  readonly source: Source;
  private readonly bytes: Buffer;
  private readonly dialect: Dialect;
  private readonly limits: LexLimits;
  private at = 0;
  private depth = 0;
  private parameters = 0;
  private escapes = 0;
  /** Bytes inside strings and hexadecimal literals so far. */
  private literalBytes = 0;
  private openParentheses: number[] = [];
  private glued = false;
  private semicolon = false;

  constructor(bytes: Buffer, dialect: Dialect, limits: LexLimits) {
    this.bytes = bytes;
    this.dialect = dialect;
    this.limits = limits;
    this.source = new Source(bytes);
  }

  run(): void {
    while (this.skipGap()) {
      if (this.semicolon) throw new LexRefusal("several_statements", this.at);
      if (this.tokens.length >= this.limits.maxTokens) throw new LexRefusal("too_many_tokens", this.at);
      this.token();
      this.checkLength();
    }
    if (this.depth > 0) throw new LexRefusal("unbalanced_parentheses", this.openParentheses.pop() ?? 0);
    if (this.tokens.length === 0) throw new LexRefusal("empty_statement", 0);
  }

  private checkLength(): void {
    if (this.at - this.literalBytes > this.limits.maxTextBytes) throw new LexRefusal("too_long", this.at);
  }

  /** White space and comments; false at the end of the statement. */
  private skipGap(): boolean {
    const start = this.at;
    for (;;) {
      while (hasClass(this.bytes[this.at], SPACE)) this.at += 1;
      const comment = scanComment(this.bytes, this.at);
      if (comment === null) break;
      this.hazards.add("comment");
      const text = this.slice(comment.bodyStart, comment.bodyEnd).trim();
      this.comments.push({ start: this.at, end: comment.end, text, leading: this.tokens.length === 0 });
      this.at = comment.end;
      this.checkLength();
    }
    this.glued = this.at === start && start > 0;
    return this.at < this.bytes.length;
  }

  private token(): void {
    const start = this.at;
    const byte = this.bytes[start] ?? 0;
    const bits = CHARACTER_CLASS[byte] ?? 0;
    if ((bits & DIGIT) !== 0) this.number(start);
    else if (byte === DOLLAR) throw new LexRefusal("dollar_leading_name", start);
    else if ((bits & WORD) !== 0) this.word(start);
    else if (byte === QUOTE || byte === DOUBLE_QUOTE) this.string(start, start, null);
    else if (byte === BACK_QUOTE) this.quotedName(start);
    else if (byte === AT) this.variable(start);
    else if (byte === DOT) this.dot(start);
    else if (byte === OPEN || byte === CLOSE) this.parenthesis(byte, start);
    else if (byte === COMMA) this.add("punctuation", start + 1, ",");
    else if (byte === SEMICOLON) this.end();
    else if (byte === PARAMETER) this.parameter(start);
    else if ((bits & OPERATOR) !== 0) {
      const operator = scanOperator(this.bytes, start);
      this.add("operator", start + operator.length, operator);
    } else throw new LexRefusal(unexpected(byte, bits), start);
  }

  private number(start: number): void {
    this.numeric(start, scanNumber(this.bytes, start));
  }

  private numeric(start: number, scanned: ScannedNumber): void {
    const value = this.slice(scanned.bodyStart, scanned.bodyEnd);
    if (scanned.kind === "hex") this.literalBytes += scanned.end - start;
    this.literal(scanned.kind, start, { start, end: scanned.end, value, form: scanned.form });
  }

  private word(start: number): void {
    let end = start + 1;
    while (hasClass(this.bytes[end], WORD)) end += 1;
    if (hasClass(this.bytes[end], HIGH)) throw new LexRefusal("non_ascii_outside_quotes", end);
    if (this.bytes[end] === QUOTE && end === start + 1 && !this.afterDot()) {
      const letter = (this.bytes[start] ?? 0) | 0x20;
      if (letter === 0x6e) throw new LexRefusal("national_string", start);
      if (letter === 0x78 || letter === 0x62) {
        this.numeric(start, scanQuotedNumber(this.bytes, start, letter === 0x78 ? "hex" : "bit"));
        return;
      }
    }
    const text = this.slice(start, end);
    const upper = text.toUpperCase();
    if (text.startsWith("_") && !this.afterDot() && this.introduces(upper, start, end)) return;
    // The servers look a word up as a keyword unless a dot touches it on the side where a name must follow or precede.
    const qualifies = this.bytes[end] === DOT && hasClass(this.bytes[end + 1], WORD | HIGH);
    const qualified = this.glued && this.afterDot();
    const reserved = !qualifies && !qualified && isReserved(upper, this.dialect);
    this.add("word", end, text, { upper, reserved });
  }

  /** A string with `_binary` or `_utf8mb4` in front of it becomes one literal; other introducers and look-alikes are refused. */
  private introduces(upper: string, start: number, end: number): boolean {
    let next = end;
    let comment = scanComment(this.bytes, next);
    let commented = false;
    while (comment !== null || hasClass(this.bytes[next], SPACE)) {
      commented ||= comment !== null;
      next = comment?.end ?? next + 1;
      comment = scanComment(this.bytes, next);
    }
    const stringFollows = this.bytes[next] === QUOTE || this.bytes[next] === DOUBLE_QUOTE;
    if (stringFollows && !commented && ALLOWED_INTRODUCERS.has(upper)) {
      this.string(start, next, upper.slice(1).toLowerCase());
      return true;
    }
    if (stringFollows || isIntroducer(upper)) throw new LexRefusal("charset_introducer", start);
    return false;
  }

  private string(tokenStart: number, start: number, introducer: string | null): void {
    const scanned = scanString(this.bytes, start);
    if (scanned.escapes > 0) this.hazards.add("escape");
    this.escapes += scanned.escapes + scanned.doubled;
    if (this.escapes > this.limits.maxEscapes) throw new LexRefusal("too_many_escapes", start);
    this.literalBytes += scanned.end - start;
    if (scanned.nul) this.hazards.add("nul_in_string");
    const quote = this.bytes[start] === QUOTE ? "'" : '"';
    const value = decodeString(this.slice(start + 1, scanned.end - 1), quote, scanned);
    const previous = this.tokens.at(-1);
    if (previous?.kind === "string" && introducer === null) this.join(previous, start, scanned.end, value);
    else this.literal("string", tokenStart, { start, end: scanned.end, value, introducer });
  }

  /** Adjacent strings are one string to the servers. */
  private join(previous: Token, start: number, end: number, value: string): void {
    const first = this.literals[previous.literal];
    if (first === undefined || first.introducer !== null) throw new LexRefusal("charset_introducer", previous.start);
    if (first.parts !== null && first.parts.length >= MAX_PARTS) throw new LexRefusal("too_many_tokens", start);
    const parts: LiteralPart[] = [...(first.parts ?? [{ start: first.start, end: first.end }]), { start, end }];
    this.literals[previous.literal] = { ...first, end, value: first.value + value, parts };
    this.tokens[this.tokens.length - 1] = { ...previous, end, text: this.slice(previous.start, end) };
    this.at = end;
  }

  private quotedName(start: number): void {
    const { end, doubled } = scanQuotedName(this.bytes, start);
    const body = this.slice(start + 1, end - 1);
    const text = doubled ? body.replaceAll("``", "`") : body;
    this.add("quotedName", end, text, { nonAscii: isNonAscii(text) });
  }

  private variable(start: number): void {
    const scanned = scanVariable(this.bytes, start);
    const body = this.slice(scanned.bodyStart, scanned.bodyEnd);
    const text = scanned.doubled ? body.replaceAll("``", "`") : body;
    this.add(scanned.kind, scanned.end, text, { nonAscii: isNonAscii(text) });
  }

  private dot(start: number): void {
    const previous = this.tokens.at(-1);
    const nameBefore = previous?.kind === "word" || previous?.kind === "quotedName";
    if (hasClass(this.bytes[start + 1], DIGIT)) {
      if (nameBefore && this.glued) throw new LexRefusal("digit_leading_name", start);
      this.number(start);
    } else if (previous?.text === "*" && this.bytes[start + 1] === STAR) {
      // GRANT .. ON *.*
      this.add("punctuation", start + 1, ".");
    } else if (!nameBefore || previous.reserved) {
      throw new LexRefusal("leading_dot_name", start);
    } else this.add("punctuation", start + 1, ".");
  }

  private parenthesis(byte: number, start: number): void {
    if (byte === OPEN) {
      this.depth += 1;
      this.openParentheses.push(start);
      if (this.depth > this.limits.maxDepth) throw new LexRefusal("nested_too_deep", start);
    } else {
      this.depth -= 1;
      this.openParentheses.pop();
      if (this.depth < 0) throw new LexRefusal("unbalanced_parentheses", start);
    }
    this.add("punctuation", start + 1, byte === OPEN ? "(" : ")");
  }

  private end(): void {
    this.hazards.add("semicolon");
    this.semicolon = true;
    this.at += 1;
  }

  private parameter(start: number): void {
    if (hasClass(this.bytes[start + 1], WORD | HIGH)) throw new LexRefusal("parameter_glued_to_word", start);
    const parameter = this.parameters;
    this.parameters += 1;
    this.literal("parameter", start, { start, end: start + 1, value: "", parameter });
  }

  private literal(
    kind: Literal["kind"],
    tokenStart: number,
    found: Pick<Literal, "start" | "end" | "value"> & Partial<Literal>,
  ): void {
    const index = this.literals.length;
    const token = this.tokens.length;
    this.literals.push({ form: null, parameter: -1, introducer: null, parts: null, ...found, kind, index, token });
    this.at = tokenStart;
    this.add(kind, found.end, this.slice(tokenStart, found.end), { literal: index });
  }

  private add(kind: TokenKind, end: number, text: string, extra: Partial<Token> = {}): void {
    this.tokens.push({
      kind,
      start: this.at,
      end,
      text,
      upper: extra.upper ?? "",
      reserved: extra.reserved ?? false,
      glued: this.glued,
      literal: extra.literal ?? -1,
      nonAscii: extra.nonAscii ?? false,
    });
    this.at = end;
  }

  private afterDot(): boolean {
    const previous = this.tokens.at(-1);
    return previous?.kind === "punctuation" && previous.text === ".";
  }

  private slice(start: number, end: number): string {
    return this.source.slice(start, end);
  }
}

function isNonAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return true;
  return false;
}

function unexpected(byte: number, bits: number): NotUnderstoodReason {
  if ((bits & CONTROL) !== 0) return "control_character";
  if ((bits & HIGH) !== 0) return "non_ascii_outside_quotes";
  if (byte === BACKSLASH) return "backslash_outside_string";
  return byte === 0x7b || byte === 0x7d ? "odbc_escape" : "unexpected_character";
}
