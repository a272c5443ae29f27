import type { CellMask, ColumnMask, ColumnShape } from "@/lib/masking/cell";
import { TYPE } from "@/lib/masking/column-types";
import { lenencString } from "../protocol/packet-writer";

/** For tests of the wire side: small masks of known behaviour in place of the real methods. */

const REDACTED = lenencString(Buffer.from("[redacted]"));

const text = (shape: ColumnShape): ColumnShape => ({ ...shape, type: TYPE.VAR_STRING, collation: 45, flags: 0 });

/** `change` gives a value without its length, null for NULL. */
function byValue(shape: ColumnShape, change: (value: Buffer) => Buffer | null): CellMask {
  const encoded = (bytes: Buffer, from: number, to: number) => {
    const changed = change(Buffer.from(bytes.subarray(from, to)));
    return changed === null ? null : lenencString(changed);
  };
  return { shape, constant: null, text: encoded, binary: encoded };
}

function constant(shape: ColumnShape, value: Buffer | null): CellMask {
  const never = () => {
    throw new Error("a constant mask does not look at values");
  };
  return { shape, constant: { text: value, binary: value }, text: never, binary: never };
}

/** redact and null as they are; token reverses, an empty value becomes NULL; partial doubles; email gives hex, as text. */
export function fakeMask({ method }: ColumnMask, shape: ColumnShape): CellMask {
  switch (method) {
    case "redact":
      return constant(text(shape), REDACTED);
    case "null":
      return constant(shape, null);
    case "token":
      return byValue(text(shape), (value) => (value.length === 0 ? null : value.reverse()));
    case "partial":
      return byValue(text(shape), (value) => Buffer.concat([value, value]));
    default:
      return byValue(text(shape), (value) => Buffer.from(value.toString("hex")));
  }
}
