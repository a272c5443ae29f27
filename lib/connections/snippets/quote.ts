/** Text as a literal of each language. Schema names and paths may hold any character. */

/** POSIX shell; plain words stay as they are. */
export function shell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** JavaScript, TypeScript, JSON, Python, Go: all read a JSON string the same way. */
export function json(text: string): string {
  return JSON.stringify(text);
}

/** Java reads \uXXXX and the escapes of JSON but for \/, which JSON.stringify never writes. */
export const java = json;

/** PHP, in single quotes: only backslash and quote are special. */
export function php(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
