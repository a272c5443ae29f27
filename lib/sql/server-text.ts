import { decodeString, encodeString, QUOTE, scanString } from "./scan-quoted";
import type { Lexed, Literal, LiteralPart, Token } from "./token";

/**
 * The tokens again, one space for every gap and each string with escapes re-quoted. Two minus signs that touch are parted, lest what
 * follows them opens a comment.
 */
export function serverText(lexed: Lexed): string {
  let text = "";
  let previous: Token | undefined;
  for (const token of lexed.tokens) {
    const dashes = previous?.text === "-" && token.text === "-" && token.kind === "operator";
    if (previous !== undefined && (!token.glued || dashes)) text += " ";
    text += token.kind === "string" ? stringText(lexed, token) : lexed.source.slice(token.start, token.end);
    previous = token;
  }
  return text;
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
