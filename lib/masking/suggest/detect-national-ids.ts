import { passesMod1110, remainder } from "./checksums";
import type { Detector } from "./detector";

/** US social security number as it is written: never area 000, 666 or 9xx, group 00 or serial 0000. */
export function isSsn(value: string): boolean {
  return /^(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}$/.test(value);
}

/** UK National Insurance number: letters D, F, I, Q, U, V never lead; some pairs are not given out. */
export function isNino(value: string): boolean {
  const text = value.replaceAll(" ", "").toUpperCase();
  return /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/.test(text);
}

/** German tax id: 11 digits; among the first ten one digit stands twice or three times, the others once at most. */
export function isSteuerId(value: string): boolean {
  const digits = value.replaceAll(" ", "");
  if (!/^[1-9]\d{10}$/.test(digits)) return false;
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return repeated.length === 1 && (repeated[0] ?? 0) <= 3 && passesMod1110(digits);
}

/** French NIR: sex, year, month, place, serial and a key; Corsica writes 2A and 2B. */
export function isNir(value: string): boolean {
  const text = value.replaceAll(" ", "").toUpperCase();
  if (!/^[12]\d{2}(?:0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)(?:\d{2}|2[AB])\d{6}\d{2}$/.test(text)) return false;
  const body = text.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return 97 - remainder(body, 97) === Number(text.slice(13));
}

const DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Spanish DNI and NIE: the letter is the number modulo 23. */
export function isDni(value: string): boolean {
  const text = value.replaceAll(/[ -]/g, "").toUpperCase();
  const number = /^([XYZ]\d{7}|\d{8})[A-Z]$/.exec(text)?.[1];
  if (number === undefined) return false;
  const digits = number.replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
  return DNI_LETTERS[remainder(digits, 23)] === text.at(-1);
}

const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italian codice fiscale with its check letter. */
export function isCodiceFiscale(value: string): boolean {
  const text = value.toUpperCase();
  if (!/^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/.test(text)) return false;
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const character = text.charCodeAt(at);
    const order = character >= 65 ? character - 65 : character - 48;
    // Positions count from one: the first is odd.
    sum += at % 2 === 0 ? (ODD_VALUES[order] ?? 0) : order;
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15];
}

/** Dutch BSN: nine digits that pass the 11-test. */
export function isBsn(value: string): boolean {
  const digits = value.replaceAll(".", "");
  if (!/^\d{9}$/.test(digits) || /^0{9}$/.test(digits)) return false;
  const weights = [9, 8, 7, 6, 5, 4, 3, 2, -1];
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11 === 0;
}

const strict = {
  kind: "national_id",
  certainty: 95,
  leastShare: 0.3,
  leastValues: 1,
  families: ["text", "bytes"],
} as const;
const numeric = {
  kind: "national_id",
  certainty: 90,
  // One number in eleven passes by chance.
  leastShare: 0.8,
  leastValues: 10,
  families: ["text", "bytes", "large-number"],
} as const;

export const NATIONAL_ID_DETECTORS: readonly Detector[] = [
  { ...strict, what: "US social security numbers", leastShare: 0.5, fits: isSsn },
  { ...strict, what: "UK National Insurance numbers", leastShare: 0.5, fits: isNino },
  { ...strict, what: "French social security numbers with the right key", fits: isNir },
  { ...strict, what: "Spanish DNI or NIE numbers with the right letter", leastShare: 0.5, fits: isDni },
  { ...strict, what: "Italian codici fiscali with the right check letter", fits: isCodiceFiscale },
  { ...numeric, what: "German tax ids with the right check digit", fits: isSteuerId },
  { ...numeric, what: "Dutch BSNs that pass the 11-test", fits: isBsn },
];
