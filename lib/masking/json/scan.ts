/** Reads JSON text (RFC 8259) by position, without making values of it. Everything gives null where the text is not JSON. */

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

/** The first position from `at` on that is no white space. */
export function skipSpace(text: string, at: number): number {
  let position = at;
  while (" \t\n\r".includes(text[position] ?? "x")) position++;
  return position;
}

/** Where the string that begins at `at` ends, its quotes included. */
export function stringEnd(text: string, at: number): number | null {
  if (text.charCodeAt(at) !== QUOTE) return null;
  let position: number | null = at + 1;
  while (position !== null && position < text.length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    if (code < SPACE) return null;
    position = code === BACKSLASH ? endOf(ESCAPE, text, position) : position + 1;
  }
  return null;
}

/** Where the number, true, false or null that begins at `at` ends. */
export function plainEnd(text: string, at: number): number | null {
  return endOf(NUMBER, text, at) ?? endOf(WORD, text, at);
}

/** What a string means, its escapes resolved. `source` is a valid JSON string. */
export function stringValue(source: string): string {
  return source.includes("\\") ? (JSON.parse(source) as string) : source.slice(1, -1);
}
