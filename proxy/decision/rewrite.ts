import { isUtf8 } from "node:buffer";
import type { TokenKeys } from "@/lib/masking/cell";
import type { MaskPass } from "@/lib/masking/decide";
import { lex } from "@/lib/sql/lexer";
import { encodeString } from "@/lib/sql/scan-quoted";
import { serverText } from "@/lib/sql/server-text";
import type { Dialect, Lexed } from "@/lib/sql/token";
import { type Splice, spliced, spliceOf } from "./splice";

const TOKEN_PREFIX = "tok_";

/** What a token of this connection stands for; null for every other text. */
export function valueOfToken(text: string, tokens: TokenKeys): Buffer | null {
  return text.startsWith(TOKEN_PREFIX) ? tokens.open(text) : null;
}

const quoted = (name: string) => `\`${name.replaceAll("`", "``")}\``;

/**
 * Puts index hints and the values of tokens into a statement of the template that `pass` was decided for. The places are found once and
 * used for all statements of the same shape; a text that has no shape is lexed, and the last one remembered. Null when the template never needs it.
 */
export function rewriterOf(pass: MaskPass, dialect: Dialect, tokens: TokenKeys): ((text: Buffer) => Buffer) | null {
  const { order } = pass;
  const literals = pass.tokens.flatMap((value) => (value.kind === "literal" ? [value.literal] : []));
  if (order.avoid.length === 0 && literals.length === 0) return null;
  const before = new Map(
    order.avoid.map(({ at, indexes }) => [at, `IGNORE INDEX (${indexes.map(quoted).join(", ")})`]),
  );
  const open = (text: string) => {
    const value = valueOfToken(text, tokens);
    return value === null ? null : isUtf8(value) ? encodeString(value.toString("utf8"), "'") : hex(value);
  };
  let splice: Splice | null = null;
  let last: { readonly text: Buffer; readonly result: Buffer } | null = null;
  return (text) => {
    const quick = splice === null ? null : spliced(splice, text, literals, open);
    if (quick !== null) return quick;
    if (last?.text.equals(text) === true) return last.result;
    const lexed = lexedAgain(text, dialect);
    const result = Buffer.from(rewritten(lexed, before, literals, open), "utf8");
    splice ??= spliceOf(text, lexed, before);
    last = { text: Buffer.from(text), result };
    return result;
  };
}

function lexedAgain(text: Buffer, dialect: Dialect): Lexed {
  const read = lex(text, dialect);
  if (!read.ok) throw new TypeError(`a statement that was understood does not lex: ${read.reason}`);
  return read.lexed;
}

function rewritten(
  lexed: Lexed,
  before: ReadonlyMap<number, string>,
  literals: readonly number[],
  open: (value: string) => string | null,
): string {
  const opened = literals.flatMap((index): [number, string][] => {
    const literal = lexed.literals[index];
    const value = literal?.kind === "string" ? open(literal.value) : null;
    return value === null ? [] : [[index, value]];
  });
  return serverText(lexed, { before, literals: new Map(opened) });
}

const hex = (value: Buffer) => `x'${value.toString("hex")}'`;
