import { decodeString, encodeString, QUOTE, scanString } from "./scan-quoted";
import type { Lexed, Literal, LiteralPart, Token } from "./token";

/** What the gateway changes in a statement before it goes to the server. */
export interface TextEdits {
  /** Words to stand before a token, by its index; the number of tokens: at the end. */
  readonly before: ReadonlyMap<number, string>;
  /** SQL to stand for string literals, by the literal's index. */
  readonly literals: ReadonlyMap<number, string>;
}

const NO_EDITS: TextEdits = { before: new Map(), literals: new Map() };

/**
 * The tokens again, one space for every gap and each string with escapes re-quoted. Two minus signs that touch are parted, lest what
 * follows them opens a comment.
 */
export function serverText(lexed: Lexed, edits: TextEdits = NO_EDITS): string {
  let text = "";
  let previous: Token | undefined;
  lexed.tokens.forEach((token, index) => {
    const inserted = edits.before.get(index);
    const dashes = previous?.text === "-" && token.text === "-" && token.kind === "operator";
    if (previous !== undefined && (!token.glued || dashes || inserted !== undefined)) text += " ";
    if (inserted !== undefined) text += `${inserted} `;
    if (token.kind === "string") text += edits.literals.get(token.literal) ?? stringText(lexed, token);
    else text += lexed.source.slice(token.start, token.end);
    previous = token;
  });
  const last = edits.before.get(lexed.tokens.length);
  return last === undefined ? text : `${text} ${last}`;
}

function stringText(lexed: Lexed, token: Token): string {
  const literal = lexed.literals[token.literal];
  if (literal === undefined) return lexed.source.slice(token.start, token.end);
  const introducer = literal.introducer === null ? "" : `_${literal.introducer} `;
  return (
    introducer +
    partsOf(literal)
      .map((part) => partText(lexed, part))
      .join(" ")
  );
}

function partsOf(literal: Literal): readonly LiteralPart[] {
  return literal.parts ?? [{ start: literal.start, end: literal.end }];
}

function partText(lexed: Lexed, part: LiteralPart): string {
  const { source } = lexed;
  const scanned = scanString(source.bytes, part.start);
  if (scanned.escapes === 0 && !scanned.nul) return source.slice(part.start, part.end);
  const quote = source.bytes[part.start] === QUOTE ? "'" : '"';
  return encodeString(decodeString(source.slice(part.start + 1, part.end - 1), quote, scanned), quote);
}
