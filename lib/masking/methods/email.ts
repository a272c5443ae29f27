import { hiddenShape } from "../shapes";
import type { Method } from "./method";

/** One @, no spaces, a domain of at least two labels; longer addresses can not be delivered (RFC 5321). */
const ADDRESS = /^([^\s@\p{C}])[^\s@\p{C}]*(@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)$/u;
const LONGEST = 320;

function hideLocalPart(text: string): string | null {
  const [, first, domain] = text.length > LONGEST ? [] : (ADDRESS.exec(text) ?? []);
  return first === undefined || domain === undefined ? null : `${first}***${domain}`;
}

/** `a***@example.com`: the first character and the domain stay. */
export const email: Method = {
  whole: "constant",
  column: (column) => (column.kind === "text" ? { shape: hiddenShape(column), hide: hideLocalPart } : null),
  text: () => hideLocalPart,
  shows: (text) => /^[^\s@]\*\*\*@[^\s@]+$/u.test(text),
};
