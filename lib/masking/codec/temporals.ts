import type { ColumnShape } from "../cell";
import type { Codec } from "./codec";
import type { Output } from "./output";

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATETIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;
const TIME = /^(-?)(\d{2,3}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;
const MICRO_DIGITS = 6;
const HOURS_A_DAY = 24;

const padded = (value: number | string | undefined, digits: number) => String(value ?? 0).padStart(digits, "0");

/** `.ffffff` with as many digits as the column has; a column that does not tell gets six where there is a fraction at all. */
function fraction(micros: string, decimals: number): string {
  if (decimals > MICRO_DIGITS) return /^0*$/.test(micros) ? "" : `.${micros}`;
  return decimals === 0 ? "" : `.${micros.slice(0, decimals)}`;
}

const microsOf = (digits: string | undefined) => (digits ?? "").padEnd(MICRO_DIGITS, "0");

/** The length byte of a binary value that has so many bytes after it; null when they do not agree. */
function lengthAt(bytes: Buffer, from: number, to: number): number | null {
  return to > from && bytes[from] === to - from - 1 ? to - from - 1 : null;
}

const writeAscii = (text: string, out: Output) => out.string(text, "latin1");

function readDateFields(bytes: Buffer, at: number): string {
  return `${padded(bytes.readUInt16LE(at), 4)}-${padded(bytes[at + 2], 2)}-${padded(bytes[at + 3], 2)}`;
}

function readTimeFields(bytes: Buffer, at: number): string {
  return `${padded(bytes[at], 2)}:${padded(bytes[at + 1], 2)}:${padded(bytes[at + 2], 2)}`;
}

/** Writes year, month and day after the length byte of `bytes`. */
function writeDateFields(bytes: Buffer, fields: readonly (string | undefined)[]): void {
  bytes.writeUInt16LE(Number(fields[1] ?? 0), 1);
  bytes[3] = Number(fields[2] ?? 0);
  bytes[4] = Number(fields[3] ?? 0);
}

/** Sets the length byte to the shortest of `lengths` (longest first) that leaves only zeros out, as servers do. */
function withoutZeroTail(bytes: Buffer, lengths: readonly number[]): Buffer {
  const [longest = 0] = lengths;
  const length = lengths.findLast((shorter) => bytes.subarray(shorter + 1, longest + 1).every((byte) => byte === 0));
  bytes[0] = length ?? longest;
  return bytes.subarray(0, bytes[0] + 1);
}

/** DATE: `YYYY-MM-DD`. */
export const dateCodec: Codec = {
  readText(bytes, from, to) {
    const text = bytes.toString("latin1", from, to);
    return DATE.test(text) ? text : null;
  },
  readBinary(bytes, from, to) {
    const length = lengthAt(bytes, from, to);
    if (length === 0) return "0000-00-00";
    // MariaDB sends a DATE with the length of a DATETIME in some answers.
    return length === 4 || length === 7 || length === 11 ? readDateFields(bytes, from + 1) : null;
  },
  writeText: writeAscii,
  writeBinary(text, out) {
    const fields = DATE.exec(text) ?? [];
    const bytes = out.bytes(5);
    writeDateFields(bytes, fields);
    return withoutZeroTail(bytes, [4, 0]);
  },
};

/** DATETIME and TIMESTAMP: `YYYY-MM-DD HH:MM:SS`, with a fraction of the column's decimals. */
export function datetimeCodec({ decimals }: ColumnShape): Codec {
  return {
    readText(bytes, from, to) {
      const text = bytes.toString("latin1", from, to);
      const fields = DATETIME.exec(text);
      return fields === null ? null : `${text.slice(0, 19)}${fraction(microsOf(fields[7]), decimals)}`;
    },
    readBinary(bytes, from, to) {
      const length = lengthAt(bytes, from, to);
      if (length === null || ![0, 4, 7, 11].includes(length)) return null;
      const date = length === 0 ? "0000-00-00" : readDateFields(bytes, from + 1);
      const time = length >= 7 ? readTimeFields(bytes, from + 5) : "00:00:00";
      const micros = length === 11 ? padded(bytes.readUInt32LE(from + 8), MICRO_DIGITS) : microsOf("");
      return `${date} ${time}${fraction(micros, decimals)}`;
    },
    writeText: writeAscii,
    writeBinary(text, out) {
      const fields = DATETIME.exec(text) ?? [];
      const bytes = out.bytes(12);
      writeDateFields(bytes, fields);
      for (let field = 4; field <= 6; field++) bytes[field + 1] = Number(fields[field] ?? 0);
      bytes.writeUInt32LE(Number(microsOf(fields[7])), 8);
      return withoutZeroTail(bytes, [11, 7, 4, 0]);
    },
  };
}

/** TIME: `[-]HH:MM:SS` of up to 838 hours, with a fraction of the column's decimals. */
export function timeCodec({ decimals }: ColumnShape): Codec {
  return {
    readText(bytes, from, to) {
      const fields = TIME.exec(bytes.toString("latin1", from, to));
      if (fields === null) return null;
      const [, sign, hours, minutes, seconds, digits] = fields;
      return `${sign}${hours}:${minutes}:${seconds}${fraction(microsOf(digits), decimals)}`;
    },
    readBinary(bytes, from, to) {
      const length = lengthAt(bytes, from, to);
      if (length === 0) return `00:00:00${fraction(microsOf(""), decimals)}`;
      if (length !== 8 && length !== 12) return null;
      const hours = bytes.readUInt32LE(from + 2) * HOURS_A_DAY + bytes.readUInt8(from + 6);
      const micros = length === 12 ? padded(bytes.readUInt32LE(from + 9), MICRO_DIGITS) : microsOf("");
      const rest = `${padded(bytes[from + 7], 2)}:${padded(bytes[from + 8], 2)}${fraction(micros, decimals)}`;
      return `${bytes[from + 1] === 1 ? "-" : ""}${padded(hours, 2)}:${rest}`;
    },
    writeText: writeAscii,
    writeBinary(text, out) {
      const [, sign, hours, minutes, seconds, digits] = TIME.exec(text) ?? [];
      const bytes = out.bytes(13);
      bytes[1] = sign === "-" ? 1 : 0;
      bytes.writeUInt32LE(Math.floor(Number(hours ?? 0) / HOURS_A_DAY), 2);
      bytes[6] = Number(hours ?? 0) % HOURS_A_DAY;
      bytes[7] = Number(minutes ?? 0);
      bytes[8] = Number(seconds ?? 0);
      bytes.writeUInt32LE(Number(microsOf(digits)), 9);
      return withoutZeroTail(bytes, [12, 8, 0]);
    },
  };
}
