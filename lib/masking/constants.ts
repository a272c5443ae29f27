import type { Column } from "./column";

export const REDACTED = "[redacted]";
export const REDACTED_JSON = JSON.stringify(REDACTED);
export const REDACTED_DATE = "1900-01-01";

const LARGEST_SCALE = 38;
const LARGEST_FRACTION = 6;

const zeros = (count: number) => (count === 0 ? "" : `.${"0".repeat(count)}`);
const fraction = (decimals: number) => zeros(decimals <= LARGEST_FRACTION ? decimals : 0);

/** What stands for a value of a column that is hidden whole, as canonical text (codec/codec.ts); null for NULL. */
export function constantOf({ kind, shape }: Column): string | null {
  switch (kind) {
    case "integer":
    case "bit":
    case "float":
    case "double":
      return "0";
    case "decimal":
      return `0${zeros(shape.decimals <= LARGEST_SCALE ? shape.decimals : 0)}`;
    case "year":
      return "1901";
    case "date":
      return REDACTED_DATE;
    case "datetime":
      return `${REDACTED_DATE} 00:00:00${fraction(shape.decimals)}`;
    case "time":
      return `00:00:00${fraction(shape.decimals)}`;
    case "text":
    case "binary":
    case "foreign":
      return REDACTED;
    case "json":
      return REDACTED_JSON;
    case "opaque":
      return null;
    default:
      return kind satisfies never;
  }
}
