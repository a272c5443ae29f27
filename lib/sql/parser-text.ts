import type { TokenContexts } from "./context";
import type { Lexed, Token } from "./token";

/** Numbers and parameters are written into the parser text as this plus their index in `literals`. */
export const PLACEHOLDER_BASE = 1_000_000;

/** Words after which a name with a parenthesis that touches it is a table, not a function: INSERT INTO t(a). */
const TABLE_FOLLOWS: ReadonlySet<string> = new Set(
  "INTO TABLE FROM JOIN UPDATE EXISTS REFERENCES ON INDEX KEY VIEW AS IGNORE".split(" "),
);

/**
 * What the SQL parser sees: every token parted by one space (none before `(` of a call, none around dots), names back-quoted, keywords bare
 * and in upper case, `&&` and `||` as AND and OR, and literal number i as `'s<i>'` (string), `'x<i>'` (hexadecimal), `'b<i>'` (bits),
 * `'p<i>'` (parameter of AGAINST) or the integer PLACEHOLDER_BASE + i (number, any other parameter).
 */
export function parserText(lexed: Lexed, contexts: TokenContexts): string {
  const { tokens } = lexed;
  let text = "";
  tokens.forEach((token, at) => {
    const previous = tokens[at - 1];
    if (previous !== undefined && spaced(previous, token)) text += " ";
    text += token.literal >= 0 ? placeholder(lexed, token, contexts.openers[at] ?? "") : tokenText(lexed, at, contexts);
  });
  return text;
}

function placeholder(lexed: Lexed, token: Token, opener: string): string {
  switch (lexed.literals[token.literal]?.kind) {
    case "string":
      return `'s${token.literal}'`;
    case "hex":
      return `'x${token.literal}'`;
    case "bit":
      return `'b${token.literal}'`;
    case "parameter":
      return opener === "AGAINST" ? `'p${token.literal}'` : String(PLACEHOLDER_BASE + token.literal);
    default:
      return String(PLACEHOLDER_BASE + token.literal);
  }
}

function tokenText(lexed: Lexed, at: number, contexts: TokenContexts): string {
  const token = lexed.tokens[at];
  if (token === undefined) return "";
  switch (token.kind) {
    case "word":
      if (token.reserved || contexts.keywords[at]) return token.upper;
      return callsFunction(lexed.tokens, at) ? token.text : quoted(token.text);
    case "quotedName":
      return quoted(token.text);
    case "operator":
      return token.text === "&&" ? "AND" : token.text === "||" ? "OR" : token.text;
    case "userVariable":
    case "systemVariable":
      return lexed.source.slice(token.start, token.end);
    default:
      return token.text;
  }
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A word that a parenthesis touches, unless a table name must stand here. */
function callsFunction(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  if (next?.text !== "(" || next.kind !== "punctuation" || !next.glued) return false;
  const before = tokens[at - 1];
  return before === undefined || (before.text !== "." && !TABLE_FOLLOWS.has(before.upper));
}

function spaced(previous: Token, token: Token): boolean {
  if (previous.text === "." && previous.kind === "punctuation") return false;
  if (token.kind !== "punctuation") return true;
  return token.text !== "." && !(token.text === "(" && token.glued && previous.kind === "word");
}
