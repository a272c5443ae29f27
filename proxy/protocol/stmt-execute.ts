import { createHash } from "node:crypto";
import { TYPE } from "@/lib/masking/column-types";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { lenencString } from "./packet-writer";

/** A bound value as far as a policy looks at it: numbers and dates as text. */
export type BoundValue =
  | { readonly kind: "null" }
  | { readonly kind: "number"; readonly text: string; readonly form: "integer" | "decimal" | "float" }
  | { readonly kind: "string"; readonly text: string }
  /** SHA-256 in hex; empty when the value was not in the packet. */
  | { readonly kind: "bytes"; readonly sha256: string };

/** Behind command byte, id, cursor flags and iteration count. */
const NULLS_AT = 10;
const UNSIGNED = 0x80;
const DECIMAL_TEXT = /^[+-]?(\d+(\.\d*)?|\.\d+)$/;
const NULL_VALUE: BoundValue = { kind: "null" };
const ELSEWHERE: BoundValue = { kind: "bytes", sha256: "" };

export interface BoundValues {
  /** Two bytes for each parameter, to remember for executions that do not send them; no view of the packet. */
  readonly types: Buffer;
  readonly values: readonly BoundValue[];
}

/**
 * Reads the values of COM_STMT_EXECUTE (MySQL manual). `payload` with the command byte; `known` are the types of an earlier execution;
 * parameters in `longData` were sent before and are not in the packet. Throws MalformedPacket.
 */
export function readBoundValues(
  payload: Buffer,
  parameters: number,
  known: Buffer | null,
  longData: ReadonlySet<number>,
): BoundValues {
  const reader = new PacketReader(payload, "COM_STMT_EXECUTE");
  const typesAt = NULLS_AT + ((parameters + 7) >> 3) + 1;
  reader.skip(typesAt - 1, "NULL bitmap");
  const sent = reader.u8("new types") === 1;
  if (sent) reader.skip(parameters * 2, "types");
  const types = sent ? keptTypes(payload, typesAt, parameters, known) : known;
  if (types === null || types.length !== parameters * 2) {
    throw new MalformedPacket("COM_STMT_EXECUTE: values without types");
  }
  const values: BoundValue[] = [];
  for (let at = 0; at < parameters; at += 1) {
    if (((payload[NULLS_AT + (at >> 3)] ?? 0) & (1 << (at & 7))) !== 0) values.push(NULL_VALUE);
    else if (longData.has(at)) values.push(ELSEWHERE);
    else values.push(readValue(reader, types[at * 2] ?? 0, ((types[at * 2 + 1] ?? 0) & UNSIGNED) !== 0));
  }
  if (reader.left > 0) throw new MalformedPacket("COM_STMT_EXECUTE: bytes behind the values");
  return { types, values };
}

/** Drivers send the same types again with every execution: a copy is made of new ones only. */
function keptTypes(payload: Buffer, from: number, parameters: number, known: Buffer | null): Buffer {
  const to = from + parameters * 2;
  const same = known !== null && known.compare(payload, from, to) === 0;
  return same ? known : Buffer.from(payload.subarray(from, to));
}

/**
 * The payload of COM_STMT_EXECUTE with other values for parameters that it sends as strings. `types` are those in force, as `readBoundValues`
 * gave them. Throws MalformedPacket.
 */
export function replaceBoundStrings(
  payload: Buffer,
  parameters: number,
  types: Buffer,
  longData: ReadonlySet<number>,
  values: ReadonlyMap<number, Buffer>,
): Buffer {
  const reader = new PacketReader(payload, "COM_STMT_EXECUTE");
  reader.skip(10, "head");
  const nulls = reader.bytes((parameters + 7) >> 3, "NULL bitmap");
  if (reader.u8("new types") === 1) reader.skip(parameters * 2, "types");
  const parts: Buffer[] = [];
  let copied = 0;
  for (let at = 0; at < parameters; at += 1) {
    if (((nulls[at >> 3] ?? 0) & (1 << (at & 7))) !== 0 || longData.has(at)) continue;
    const start = payload.length - reader.left;
    readValue(reader, types[at * 2] ?? 0, ((types[at * 2 + 1] ?? 0) & UNSIGNED) !== 0);
    const value = values.get(at);
    if (value === undefined) continue;
    parts.push(payload.subarray(copied, start), lenencString(value));
    copied = payload.length - reader.left;
  }
  return Buffer.concat([...parts, payload.subarray(copied)]);
}

const whole = (text: string): BoundValue => ({ kind: "number", text, form: "integer" });
const opaque = (bytes: Buffer): BoundValue => ({
  kind: "bytes",
  sha256: createHash("sha256").update(bytes).digest("hex"),
});
const real = (bytes: Buffer, value: number): BoundValue =>
  Number.isFinite(value) ? { kind: "number", text: String(value), form: "float" } : opaque(bytes);

function readValue(reader: PacketReader, type: number, unsigned: boolean): BoundValue {
  switch (type) {
    case TYPE.NULL:
      return NULL_VALUE;
    case TYPE.TINY:
      return integer(reader.bytes(1, "value"), unsigned);
    case TYPE.SHORT:
    case TYPE.YEAR:
      return integer(reader.bytes(2, "value"), unsigned);
    case TYPE.LONG:
    case TYPE.INT24:
      return integer(reader.bytes(4, "value"), unsigned);
    case TYPE.LONGLONG: {
      const bytes = reader.bytes(8, "value");
      return whole(String(unsigned ? bytes.readBigUInt64LE() : bytes.readBigInt64LE()));
    }
    case TYPE.FLOAT: {
      const bytes = reader.bytes(4, "value");
      return real(bytes, bytes.readFloatLE());
    }
    case TYPE.DOUBLE: {
      const bytes = reader.bytes(8, "value");
      return real(bytes, bytes.readDoubleLE());
    }
    case TYPE.DATE:
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return { kind: "string", text: dateText(reader, type === TYPE.DATE) };
    case TYPE.TIME:
      return { kind: "string", text: timeText(reader) };
    case TYPE.DECIMAL:
    case TYPE.NEWDECIMAL: {
      const bytes = reader.lenencBytes("value");
      const text = bytes.toString("latin1");
      return DECIMAL_TEXT.test(text) ? { kind: "number", text, form: "decimal" } : opaque(bytes);
    }
    case TYPE.VARCHAR:
    case TYPE.VAR_STRING:
    case TYPE.STRING:
    case TYPE.ENUM:
    case TYPE.SET:
    case TYPE.JSON: {
      const text = reader.lenencText("value");
      return typeof text === "string" ? { kind: "string", text } : opaque(text);
    }
    case TYPE.BIT:
    case TYPE.TINY_BLOB:
    case TYPE.MEDIUM_BLOB:
    case TYPE.LONG_BLOB:
    case TYPE.BLOB:
    case TYPE.GEOMETRY:
      return opaque(reader.lenencBytes("value"));
    default:
      throw new MalformedPacket(`COM_STMT_EXECUTE: values of the unknown type ${type}`);
  }
}

function integer(bytes: Buffer, unsigned: boolean): BoundValue {
  return whole(String(unsigned ? bytes.readUIntLE(0, bytes.length) : bytes.readIntLE(0, bytes.length)));
}

const two = (value: number) => String(value).padStart(2, "0");
const fraction = (micros: number) => (micros === 0 ? "" : `.${String(micros).padStart(6, "0")}`);

function dateText(reader: PacketReader, dateOnly: boolean): string {
  const length = reader.u8("length");
  if (![0, 4, 7, 11].includes(length)) throw new MalformedPacket("COM_STMT_EXECUTE: a date of another length");
  const [year, month, day] = length === 0 ? [0, 0, 0] : [reader.u16("year"), reader.u8("month"), reader.u8("day")];
  const [hour, minute, second] = length < 7 ? [0, 0, 0] : [reader.u8("hour"), reader.u8("minute"), reader.u8("second")];
  const micros = length < 11 ? 0 : reader.u32("microseconds");
  const date = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
  return dateOnly && length <= 4 ? date : `${date} ${two(hour)}:${two(minute)}:${two(second)}${fraction(micros)}`;
}

function timeText(reader: PacketReader): string {
  const length = reader.u8("length");
  if (![0, 8, 12].includes(length)) throw new MalformedPacket("COM_STMT_EXECUTE: a time of another length");
  if (length === 0) return "00:00:00";
  const negative = reader.u8("sign") === 1;
  const hours = reader.u32("days") * 24 + reader.u8("hours");
  const text = `${two(hours)}:${two(reader.u8("minutes"))}:${two(reader.u8("seconds"))}`;
  return `${negative ? "-" : ""}${text}${fraction(length === 12 ? reader.u32("microseconds") : 0)}`;
}
