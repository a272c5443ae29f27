import type { CanonicalLiteral } from "@/lib/sql/canonical";
import type { Token } from "@/lib/sql/token";

/**
 * A statement with its values taken out, for comparing it with the template of a rule: keywords and names in upper case, values as `?`.
 * Literals that carry meaning (aliases, JSON paths, positions) stay. Two statements of one shape differ in their values only,
 * or in the case of names: the caller compares the tables they resolve to.
 */
export interface Shape {
  readonly key: string;
  /** Indexes into the statement's literals, one for each `?` of the key, in order. */
  readonly values: readonly number[];
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ASCII_LOWER = /[a-z]/g;
const upperAscii = (text: string) => text.replace(ASCII_LOWER, (char) => char.toUpperCase());

/** The shape of a lexed statement. `isReserved` tells which words can only be keywords, so that a quoted keyword stays a name. */
export function shapeOf(
  tokens: readonly Token[],
  literals: readonly CanonicalLiteral[],
  isReserved: (upper: string) => boolean,
): Shape {
  const parts: string[] = [];
  const values: number[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    switch (token.kind) {
      case "word":
        parts.push(token.upper);
        break;
      case "quotedName": {
        const upper = upperAscii(token.text);
        parts.push(
          PLAIN_NAME.test(token.text) && !isReserved(upper) ? upper : `\`${token.text.replaceAll("`", "``")}\``,
        );
        break;
      }
      case "userVariable":
        parts.push(`@${JSON.stringify(token.text)}`);
        break;
      case "systemVariable":
        parts.push(`@@${JSON.stringify(token.text)}`);
        break;
      case "operator":
      case "punctuation":
        // `name(` and `name (` can be different functions to the server.
        parts.push(token.text === "(" && token.glued && isName(previous) ? "(." : token.text);
        break;
      case "string":
      case "number":
      case "hex":
      case "bit":
      case "parameter": {
        const literal = literals[token.literal];
        if (literal === undefined || literal.role === "kept")
          parts.push(`${token.kind}:${JSON.stringify(literal?.value ?? token.text)}`);
        else {
          parts.push("?");
          values.push(token.literal);
        }
        break;
      }
      default:
        token.kind satisfies never;
    }
    previous = token;
  }
  return { key: parts.join(" "), values };
}

function isName(token: Token | undefined): boolean {
  return token?.kind === "word" || token?.kind === "quotedName";
}
