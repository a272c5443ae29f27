import type { ColumnShape } from "../cell";
import { NOT_FIXED, TYPE } from "../column-types";
import type { Codec } from "./codec";
import type { Output } from "./output";

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Digits that servers print of a FLOAT (FLT_DIG), fewer than the binary protocol carries. */
const FLOAT_DIGITS = 6;

/** From here on no digit after the point is left. */
const NO_FRACTION = 2 ** 53;

/** Digits to look at to tell a tie; no FLOAT or DOUBLE comes closer to one without being one. */
const TIE_DIGITS = 40;

/** Largest value of a FLOAT. */
export const LARGEST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** `exact` cut at `end` if it lies in the middle and the last digit is even: servers break ties so, JavaScript away from zero. */
function evenTie(exact: string, end: number): string | null {
  const kept = exact.slice(0, end);
  const lastDigit = Number(kept.endsWith(".") ? kept.at(-2) : kept.at(-1));
  return lastDigit % 2 === 0 && /^50*$/.test(exact.slice(end)) ? kept : null;
}

/** Rounded to so many significant digits. */
function toDigits(value: number, digits: number): number {
  const [mantissa = "", exponent = ""] = value.toExponential(TIE_DIGITS).split("e");
  const kept = evenTie(mantissa, mantissa.indexOf(".") + digits);
  return Number(kept === null ? value.toPrecision(digits) : `${kept}e${exponent}`);
}

/** Rounded to so many digits after the point. */
function toFraction(value: number, fraction: number): number {
  if (Math.abs(value) >= NO_FRACTION) return value;
  const exact = value.toFixed(fraction + TIE_DIGITS);
  return Number(evenTie(exact, exact.indexOf(".") + fraction + 1) ?? value.toFixed(fraction));
}

/**
 * FLOAT and DOUBLE; canonical text is the shortest that gives the number which the text protocol prints: rounded to the column's decimals, or
 * for a FLOAT without any to six digits.
 */
export function floatCodec({ type, decimals }: ColumnShape): Codec {
  const single = type === TYPE.FLOAT;
  const fixed = decimals < NOT_FIXED;
  const canonical = (value: number) => {
    if (!Number.isFinite(value)) return null;
    if (fixed) return String(toFraction(value, decimals));
    return String(single ? toDigits(value, FLOAT_DIGITS) : value);
  };
  const shown = (text: string) => {
    const value = Number(text);
    return fixed && Math.abs(value) < NO_FRACTION ? value.toFixed(decimals) : String(value).replace("e+", "e");
  };
  return {
    readText(bytes, from, to) {
      const text = bytes.toString("latin1", from, to);
      return NUMBER.test(text) ? canonical(Number(text)) : null;
    },
    readBinary(bytes, from, to) {
      if (to - from !== (single ? 4 : 8)) return null;
      return canonical(single ? bytes.readFloatLE(from) : bytes.readDoubleLE(from));
    },
    writeText: (text: string, out: Output) => out.string(shown(text), "latin1"),
    writeBinary(text, out) {
      const bytes = out.bytes(single ? 4 : 8);
      if (single) bytes.writeFloatLE(Number(text));
      else bytes.writeDoubleLE(Number(text));
      return bytes;
    },
  };
}
