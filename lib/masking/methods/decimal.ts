import type { ColumnShape } from "../cell";
import { isUnsigned } from "../column";

/** An exact decimal: `units` of ten to the power of minus `scale`. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const PLAIN_NUMBER = /^(-?\d+)(?:\.(\d+))?$/;

/** The digits that a DECIMAL can have, with sign and point. */
const LONGEST = 68;

/** Reads digits with an optional fraction, nothing else (no exponent); null for other text. */
export function parseDecimal(text: string): Decimal | null {
  const [, whole, fraction = ""] = text.length > LONGEST ? [] : (PLAIN_NUMBER.exec(text) ?? []);
  return whole === undefined ? null : { units: BigInt(whole + fraction), scale: fraction.length };
}

/** The largest multiple of `size` that is not above the value, in the value's scale. */
export function floorTo({ units, scale }: Decimal, size: bigint): Decimal {
  const step = size * 10n ** BigInt(scale);
  const below = units / step - (units < 0n && units % step !== 0n ? 1n : 0n);
  return { units: below * step, scale };
}

/** Within `[low, high]`, in units. */
export function clamped(value: Decimal, low: bigint, high: bigint): Decimal {
  if (value.units < low) return { ...value, units: low };
  return value.units > high ? { ...value, units: high } : value;
}

/** Largest value of a DECIMAL column in units of its scale; its length counts digits, point and sign. */
export function largestUnits(shape: ColumnShape, scale: number): bigint {
  const precision = shape.length - (scale > 0 ? 1 : 0) - (isUnsigned(shape) ? 0 : 1);
  return 10n ** BigInt(Math.min(Math.max(precision, scale, 1), LONGEST)) - 1n;
}

/** With all digits of its scale: `-12.50`. */
export function decimalText({ units, scale }: Decimal): string {
  if (scale === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
