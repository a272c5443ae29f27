/** What a byte may be part of. The servers' identifier map under utf8mb4: letters, digits, `_`, `$`; bytes above 0x7f are refused bare. */
export const WORD = 1;
export const DIGIT = 2;
export const SPACE = 4;
export const HEX = 8;
/** Control characters other than tab, line feed and carriage return. Vertical tab and form feed are white space to the servers; nobody sends them. */
export const CONTROL = 16;
export const HIGH = 32;
export const OPERATOR = 64;

/** Class bits of each byte. */
export const CHARACTER_CLASS: Uint8Array = buildClasses();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    const char = String.fromCharCode(byte);
    let bits = 0;
    if (/[A-Za-z0-9_$]/.test(char)) bits |= WORD;
    if (/[0-9]/.test(char)) bits |= DIGIT;
    if (/[0-9A-Fa-f]/.test(char)) bits |= HEX;
    if (byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d) bits |= SPACE;
    else if (byte < 0x20 || byte === 0x7f) bits |= CONTROL;
    if (byte > 0x7f) bits |= HIGH;
    if ("<>=!&|+-*/%^~:".includes(char)) bits |= OPERATOR;
    classes[byte] = bits;
  }
  return classes;
}

/** Whether the byte has one of the class bits; `undefined` (past the end) has none. */
export function hasClass(byte: number | undefined, bits: number): boolean {
  return byte !== undefined && ((CHARACTER_CLASS[byte] ?? 0) & bits) !== 0;
}
