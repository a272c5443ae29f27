import type { Column, ColumnKind } from "../column";
import type { Codec } from "./codec";
import { floatCodec } from "./floats";
import { bitCodec, decimalCodec, integerCodec, yearCodec } from "./numbers";
import { binaryCodec, unreadCodec, utf8Codec } from "./strings";
import { dateCodec, datetimeCodec, timeCodec } from "./temporals";

const codecs: Readonly<Record<ColumnKind, (shape: Column["shape"]) => Codec>> = {
  integer: integerCodec,
  year: () => yearCodec,
  decimal: () => decimalCodec,
  float: floatCodec,
  double: floatCodec,
  date: () => dateCodec,
  datetime: datetimeCodec,
  time: timeCodec,
  bit: bitCodec,
  text: () => utf8Codec,
  json: () => utf8Codec,
  binary: () => binaryCodec,
  foreign: () => unreadCodec,
  opaque: () => unreadCodec,
};

/** How the values of a column are read and written. */
export function codecOf({ kind, shape }: Column): Codec {
  return codecs[kind](shape);
}
