import { isUtf8 } from "node:buffer";
import type { TokenKeys } from "@/lib/masking/cell";
import type { MaskPass } from "@/lib/masking/decide";
import { lex } from "@/lib/sql/lexer";
import { encodeString } from "@/lib/sql/scan-quoted";
import { serverText } from "@/lib/sql/server-text";
import type { Dialect } from "@/lib/sql/token";

const TOKEN_PREFIX = "tok_";

/** What a token of this connection stands for; null for every other text. */
export function valueOfToken(text: string, tokens: TokenKeys): Buffer | null {
  return text.startsWith(TOKEN_PREFIX) ? tokens.open(text) : null;
}

const quoted = (name: string) => `\`${name.replaceAll("`", "``")}\``;

/**
 * Puts index hints and the values of tokens into a statement of the template that `pass` was decided for. The last text is remembered:
 * agents repeat themselves. Null when the template never needs it.
 */
export function rewriterOf(pass: MaskPass, dialect: Dialect, tokens: TokenKeys): ((text: Buffer) => Buffer) | null {
  const { order } = pass;
  const literals = pass.tokens.flatMap((value) => (value.kind === "literal" ? [value.literal] : []));
  if (order.avoid.length === 0 && literals.length === 0) return null;
  const before = new Map(
    order.avoid.map(({ at, indexes }) => [at, `IGNORE INDEX (${indexes.map(quoted).join(", ")})`]),
  );
  let last: { readonly text: Buffer; readonly result: Buffer } | null = null;
  return (text) => {
    if (last?.text.equals(text) === true) return last.result;
    const result = Buffer.from(rewritten(text, before, literals, dialect, tokens), "utf8");
    last = { text: Buffer.from(text), result };
    return result;
  };
}

function rewritten(
  text: Buffer,
  before: ReadonlyMap<number, string>,
  literals: readonly number[],
  dialect: Dialect,
  tokens: TokenKeys,
): string {
  const read = lex(text, dialect);
  if (!read.ok) throw new TypeError(`a statement that was understood does not lex: ${read.reason}`);
  const { lexed } = read;
  const opened = literals.flatMap((index): [number, string][] => {
    const literal = lexed.literals[index];
    const value = literal?.kind === "string" ? valueOfToken(literal.value, tokens) : null;
    return value === null ? [] : [[index, isUtf8(value) ? encodeString(value.toString("utf8"), "'") : hex(value)]];
  });
  return serverText(lexed, { before, literals: new Map(opened) });
}

const hex = (value: Buffer) => `x'${value.toString("hex")}'`;
