import type { Source } from "./source";

/** Which server reads the text after us; MariaDB and MySQL differ in keywords and in a few literals. */
export type Dialect = "mysql" | "mariadb";

/**
 * - `word`: bare identifier or keyword. `quotedName`: a back-quoted name.
 * - `string`, `number`, `hex` (`0x1f`, `x'1f'`), `bit` (`0b1`, `b'1'`), `parameter` (`?`): literals, each has an entry in `literals`.
 * - `userVariable` (`@x`, @`x`, @'x') and `systemVariable` (`@@x`, `@@session.x`): one token each, name in `text` without the signs.
 * - `operator`: `= <=> := -> ->> || && + - * / % ...`. `punctuation`: `( ) , . ;`.
 */
export type TokenKind =
  | "word"
  | "quotedName"
  | "string"
  | "number"
  | "hex"
  | "bit"
  | "parameter"
  | "userVariable"
  | "systemVariable"
  | "operator"
  | "punctuation";

export interface Token {
  readonly kind: TokenKind;
  /** Byte offsets in the statement as it came; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** Words, operators and punctuation as written; names and variables unquoted; literals as written. */
  readonly text: string;
  /** Upper-case spelling of a `word`; of every other kind the empty string. Compare keywords with this. */
  readonly upper: string;
  /** The `word` is reserved in this dialect and does not follow a dot: it can not be an identifier. */
  readonly reserved: boolean;
  /** No white space and no comment before this token: tells `name(` from `name (`. */
  readonly glued: boolean;
  /** Index into `literals`, or -1. */
  readonly literal: number;
  /** A name with bytes outside ASCII: must equal a catalogue name byte for byte, never after case folding. */
  readonly nonAscii: boolean;
}

/** How the server takes the number: `integer` 12, `decimal` 1.5, `float` 1e5. */
export type NumberForm = "integer" | "decimal" | "float";

export type LiteralKind = "string" | "number" | "hex" | "bit" | "parameter";

export interface Literal {
  readonly kind: LiteralKind;
  /** Position in `literals`; the parser text's placeholder carries this number. */
  readonly index: number;
  /** Index of its token. */
  readonly token: number;
  readonly start: number;
  readonly end: number;
  /** Strings decoded (escapes resolved, adjacent strings joined); numbers as written; hex digits; bits; empty for a parameter. */
  readonly value: string;
  /** Only of numbers. */
  readonly form: NumberForm | null;
  /** Position among the `?` of the statement, or -1. */
  readonly parameter: number;
  /** `binary` or `utf8mb4` when the string is written `_binary'..'`; every other introducer is refused. */
  readonly introducer: string | null;
  /** Each quoted part of adjacent strings ('a' 'b' is one literal), or null when there is only one. */
  readonly parts: readonly LiteralPart[] | null;
}

export interface LiteralPart {
  /** Byte offsets, quotes included. */
  readonly start: number;
  readonly end: number;
}

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without the comment signs, trimmed. */
  readonly text: string;
  /** Stands before the first token: a `purpose: ...` comment is read only from there. */
  readonly leading: boolean;
}

/** Things that are understood but oblige us to rewrite the statement instead of forwarding its bytes. */
export type Hazard = "comment" | "escape" | "semicolon" | "nul_in_string";

export interface Lexed {
  /** Without a trailing semicolon. */
  readonly tokens: readonly Token[];
  readonly literals: readonly Literal[];
  readonly comments: readonly Comment[];
  readonly hazards: readonly Hazard[];
  readonly source: Source;
  readonly dialect: Dialect;
}

/** Why the text is refused. One value per rule, so that a test and a person can name it. */
export type NotUnderstoodReason =
  | "empty_statement"
  | "too_long"
  | "too_many_tokens"
  | "too_many_escapes"
  | "nested_too_deep"
  | "unbalanced_parentheses"
  | "several_statements"
  | "control_character"
  | "invalid_utf8"
  | "non_ascii_outside_quotes"
  | "executable_comment"
  | "optimizer_hint"
  | "nested_comment"
  | "unterminated_comment"
  | "carriage_return_in_comment"
  | "unterminated_quote"
  | "empty_name"
  | "national_string"
  | "charset_introducer"
  | "odbc_escape"
  | "backslash_outside_string"
  | "digit_leading_name"
  | "dollar_leading_name"
  | "number_glued_to_word"
  | "malformed_number"
  | "malformed_hex"
  | "malformed_bit"
  | "parameter_glued_to_word"
  | "malformed_variable"
  | "leading_dot_name"
  | "unknown_operator"
  | "unexpected_character";

export type LexResult =
  | { readonly ok: true; readonly lexed: Lexed }
  | { readonly ok: false; readonly reason: NotUnderstoodReason; readonly at: number };

/** Bounds of one statement (design: size, tokens and nesting before anything recursive runs). */
export interface LexLimits {
  /** The whole statement. */
  readonly maxBytes: number;
  /** Without what stands inside strings and hexadecimal literals: what anything that parses has to read. */
  readonly maxTextBytes: number;
  /** Escapes and doubled quotes: each costs time to decode. */
  readonly maxEscapes: number;
  readonly maxTokens: number;
  readonly maxDepth: number;
}

export const DEFAULT_LEX_LIMITS: LexLimits = {
  maxBytes: 20 * 1024 * 1024,
  maxTextBytes: 256 * 1024,
  maxEscapes: 100_000,
  maxTokens: 20_000,
  maxDepth: 12,
};
