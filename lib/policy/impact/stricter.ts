import type { ColumnMask } from "@/lib/masking/cell";
import type { MaskMethodName } from "@/lib/masking/mask";

/** What one mask in place of another lets through: `less` only where that is certain. */
export type Shown = "same" | "less" | "more";

/** Methods that leave nothing of a value, and those that leave not even whether there is one. */
const HIDES: Readonly<Record<MaskMethodName, number>> = {
  null: 2,
  redact: 1,
  partial: 0,
  token: 0,
  email: 0,
  year: 0,
  bucket: 0,
};

/** Compares what is shown of a column; null: all of it. Where neither mask is clearly the stricter one, more is shown. */
export function shownBy(before: ColumnMask | null, after: ColumnMask | null): Shown {
  if (before === null) return after === null ? "same" : "less";
  if (after === null) return "more";
  if (sameMask(before, after)) return "same";
  return isStricter(before, after) ? "less" : "more";
}

function sameMask(a: ColumnMask, b: ColumnMask): boolean {
  return a.method === b.method && JSON.stringify(settingsOf(a)) === JSON.stringify(settingsOf(b));
}

const settingsOf = ({ options }: ColumnMask) => [
  options.keep_first ?? 0,
  options.keep_last ?? 0,
  options.size ?? 0,
  options.paths === undefined ? null : [...options.paths].sort(),
];

function isStricter(before: ColumnMask, after: ColumnMask): boolean {
  if (!coversPaths(before.options.paths, after.options.paths)) return false;
  if (before.method !== after.method) return HIDES[after.method] > HIDES[before.method];
  const [a, b] = [before.options, after.options];
  switch (after.method) {
    case "partial":
      return (b.keep_first ?? 0) <= (a.keep_first ?? 0) && (b.keep_last ?? 0) <= (a.keep_last ?? 0);
    case "bucket":
      // Only then is every new bucket made of whole old ones.
      return (b.size ?? 1) % (a.size ?? 1) === 0;
    case "null":
    case "redact":
    case "token":
    case "email":
    case "year":
      return true;
    default:
      return after.method satisfies never;
  }
}

/** Whether all that the first hid of a document is hidden by the second. */
function coversPaths(before: readonly string[] | undefined, after: readonly string[] | undefined): boolean {
  if (after === undefined) return true;
  return before?.every((path) => after.includes(path)) === true;
}
