import { LARGEST_FLOAT } from "../codec/floats";
import { integerRange } from "../codec/numbers";
import type { Column } from "../column";
import type { MaskOptions } from "../mask";
import { hiddenShape } from "../shapes";
import { clamped, decimalText, floorTo, largestUnits, parseDecimal } from "./decimal";
import type { HideText, Hiding, Method } from "./method";

function integers(column: Column, size: number): HideText {
  const { low, high } = integerRange(column.shape);
  return (text) => decimalText(clamped(floorTo({ units: BigInt(text), scale: 0 }, BigInt(size)), low, high));
}

function decimals({ shape }: Column, size: number): HideText {
  return (text) => {
    const value = parseDecimal(text);
    if (value === null) return null;
    const largest = largestUnits(shape, value.scale);
    return decimalText(clamped(floorTo(value, BigInt(size)), -largest, largest));
  };
}

function floats({ kind }: Column, size: number): HideText {
  const largest = kind === "float" ? LARGEST_FLOAT : Number.MAX_VALUE;
  return (text) => String(Math.max(-largest, Math.min(largest, Math.floor(Number(text) / size) * size)));
}

/** Numbers in text lose their fraction. */
function numbersInText(size: number): HideText {
  return (text) => {
    const value = parseDecimal(text);
    if (value === null) return null;
    const { units, scale } = floorTo(value, BigInt(size));
    return (units / 10n ** BigInt(scale)).toString();
  };
}

function hideOf(column: Column, size: number): HideText | null {
  switch (column.kind) {
    case "integer":
      return integers(column, size);
    case "decimal":
      return decimals(column, size);
    case "float":
    case "double":
      return floats(column, size);
    case "text":
      return numbersInText(size);
    default:
      return null;
  }
}

function hiding(column: Column, { size }: MaskOptions): Hiding | null {
  const hide = size === undefined ? null : hideOf(column, size);
  return hide === null ? null : { shape: hiddenShape(column), hide };
}

/** Numbers are rounded down to a multiple of the size, or to the end of their type's range. */
export const bucket: Method = {
  whole: "constant",
  column: hiding,
  text: ({ size }) => (size === undefined ? () => null : numbersInText(size)),
  shows: () => false,
};
