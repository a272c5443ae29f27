import type { CanonicalLiteral } from "./canonical";
import { encodeString } from "./scan-quoted";
import type { Lexed, Token } from "./token";

/** Writes the placeholder of a literal that is not kept. */
export type Placeholder = (literal: CanonicalLiteral) => string;

/** `:i` integer, `:d` decimal, `:f` float, `:s` string, `:x` hexadecimal, `:b` bits, `?` parameter. A colon is no token of its own, so nothing else looks so. */
export function typedPlaceholder(literal: CanonicalLiteral): string {
  switch (literal.kind) {
    case "string":
      return literal.introducer === null ? ":s" : `_${literal.introducer} :s`;
    case "number":
      return literal.form === "integer" ? ":i" : literal.form === "decimal" ? ":d" : ":f";
    case "hex":
      return ":x";
    case "bit":
      return ":b";
    case "parameter":
      return "?";
    default:
      return literal.kind satisfies never;
  }
}

export function untypedPlaceholder(): string {
  return "?";
}

/** One spelling of the statement; see `Canonical.template`. */
export function templateText(lexed: Lexed, literals: readonly CanonicalLiteral[], placeholder: Placeholder): string {
  let text = "";
  let previous: Token | undefined;
  lexed.tokens.forEach((token) => {
    if (previous !== undefined && spaced(previous, token)) text += " ";
    const literal = literals[token.literal];
    if (literal !== undefined) {
      text += literal.role === "kept" ? keptText(literal, lexed, token) : placeholder(literal);
    } else text += plainText(lexed, token);
    previous = token;
  });
  return text;
}

function plainText(lexed: Lexed, token: Token): string {
  switch (token.kind) {
    case "word":
      return token.reserved ? token.upper : token.text;
    case "quotedName":
      return `\`${token.text.replaceAll("`", "``")}\``;
    case "userVariable":
    case "systemVariable":
      return lexed.source.slice(token.start, token.end);
    default:
      return token.text;
  }
}

function keptText(literal: CanonicalLiteral, lexed: Lexed, token: Token): string {
  if (literal.kind === "parameter") return "?";
  if (literal.kind !== "string") return lexed.source.slice(token.start, token.end);
  return (literal.introducer === null ? "" : `_${literal.introducer} `) + encodeString(literal.value, "'");
}

/** Spacing that depends on nothing but the tokens, except where touching changes the meaning: `name(` and `.name`. */
function spaced(previous: Token, token: Token): boolean {
  if (token.kind === "punctuation") {
    if (token.text === "," || token.text === ")") return false;
    if (token.text === "." || (token.text === "(" && isName(previous))) return !token.glued;
  }
  if (previous.kind === "punctuation") {
    if (previous.text === "(") return false;
    if (previous.text === ".") return !token.glued;
  }
  return true;
}

function isName(token: Token): boolean {
  return token.kind === "word" || token.kind === "quotedName";
}
