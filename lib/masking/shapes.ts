import type { ColumnShape } from "./cell";
import { UTF8MB4_GENERAL_CI } from "./collations";
import type { Column } from "./column";
import { FLAG, TYPE } from "./column-types";

/** Bytes that `[redacted]` and its like may take in utf8mb4, four for a character as servers count them. */
const ROOM = 48;

const MAX_LENGTH = 0xffff_ffff;

const KEY_FLAGS = FLAG.PRIMARY_KEY | FLAG.UNIQUE_KEY | FLAG.MULTIPLE_KEY | FLAG.PART_KEY;

/** Flags that still hold for a column that became a string. */
const FLAGS_OF_ANY_TYPE = FLAG.NOT_NULL | FLAG.NO_DEFAULT | KEY_FLAGS;

/** The same column, all of whose values are NULL. */
export function nullShape(shape: ColumnShape): ColumnShape {
  return { ...shape, flags: shape.flags & ~(FLAG.NOT_NULL | KEY_FLAGS) };
}

/** A string column in utf8mb4 for values of another type; `length` in bytes. */
export function stringShape(shape: ColumnShape, length: number): ColumnShape {
  return {
    type: TYPE.VAR_STRING,
    flags: shape.flags & FLAGS_OF_ANY_TYPE,
    collation: UTF8MB4_GENERAL_CI,
    length: Math.min(Math.max(length, ROOM), MAX_LENGTH),
    decimals: 0,
  };
}

/** The same column with values that are not the server's: no longer a member of an ENUM or SET, and perhaps longer. */
export function hiddenShape({ kind, shape }: Column): ColumnShape {
  switch (kind) {
    case "opaque":
      return nullShape(shape);
    case "text":
    case "binary":
    case "foreign":
      return {
        ...shape,
        type: shape.type === TYPE.ENUM || shape.type === TYPE.SET ? TYPE.STRING : shape.type,
        flags: shape.flags & ~(FLAG.ENUM | FLAG.SET),
        // ASCII is what any method writes there, and not every character set holds it byte for byte.
        collation: kind === "foreign" ? UTF8MB4_GENERAL_CI : shape.collation,
        length: Math.max(shape.length, ROOM),
      };
    case "json":
      return { ...shape, length: Math.max(shape.length, ROOM) };
    default:
      return shape;
  }
}
