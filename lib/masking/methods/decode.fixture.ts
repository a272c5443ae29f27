import type { ColumnShape } from "../cell";
import { FLAG, TYPE } from "../column-types";

/**
 * What a client reads of a masked cell, by the rules of the manual ("Binary Protocol Value", "Protocol::LengthEncodedString"), written again
 * for tests: nothing is shared with what is tested. Throws where a length is wrong.
 */

function content(cell: Buffer): Buffer {
  const first = cell.readUInt8(0);
  const prefix = first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : 9;
  const length = first < 0xfb ? first : cell.readUIntLE(1, Math.min(prefix - 1, 6));
  if (first === 0xfb || first === 0xff || cell.length !== prefix + length) throw new Error(`bad length ${first}`);
  return cell.subarray(prefix);
}

function exactly(cell: Buffer, length: number): Buffer {
  if (cell.length !== length) throw new Error(`${cell.length} bytes, not ${length}`);
  return cell;
}

const two = (value: number) => String(value).padStart(2, "0");
const micros = (value: number, { decimals }: ColumnShape) =>
  decimals > 0 && decimals <= 6 ? `.${String(value).padStart(6, "0").slice(0, decimals)}` : "";

function dateAndTime(cell: Buffer, shape: ColumnShape): string {
  const length = cell.readUInt8(0);
  if (![0, 4, 7, 11].includes(length)) throw new Error(`bad length ${length}`);
  const all = Buffer.alloc(12);
  exactly(cell, length + 1).copy(all);
  const date = `${String(all.readUInt16LE(1)).padStart(4, "0")}-${two(all.readUInt8(3))}-${two(all.readUInt8(4))}`;
  if (shape.type === TYPE.DATE || shape.type === TYPE.NEWDATE) return date;
  const time = [5, 6, 7].map((at) => two(all.readUInt8(at))).join(":");
  return `${date} ${time}${micros(all.readUInt32LE(8), shape)}`;
}

function time(cell: Buffer, shape: ColumnShape): string {
  const length = cell.readUInt8(0);
  if (![0, 8, 12].includes(length)) throw new Error(`bad length ${length}`);
  const all = Buffer.alloc(13);
  exactly(cell, length + 1).copy(all);
  const hours = all.readUInt32LE(2) * 24 + all.readUInt8(6);
  const clock = [hours, all.readUInt8(7), all.readUInt8(8)].map(two).join(":");
  return `${all.readUInt8(1) === 1 ? "-" : ""}${clock}${micros(all.readUInt32LE(9), shape)}`;
}

function integer(cell: Buffer, width: number, shape: ColumnShape): string {
  const bits = BigInt(width * 8);
  const value = BigInt(`0x${Buffer.from(exactly(cell, width)).reverse().toString("hex")}`);
  return String((shape.flags & FLAG.UNSIGNED) !== 0 ? value : BigInt.asIntN(Number(bits), value));
}

/** The text of a cell of the text protocol; latin1, so that bytes can be told apart. */
export function decodeText(cell: Buffer, shape: ColumnShape): string {
  const text = content(cell).toString("latin1");
  return isFloat(shape) ? floatText(Number(text), shape) : text;
}

const isFloat = ({ type }: ColumnShape) => type === TYPE.FLOAT || type === TYPE.DOUBLE;

function floatText(value: number, { type, decimals }: ColumnShape): string {
  if (decimals < 31 && Math.abs(value) < 1e15) return value.toFixed(decimals);
  return type === TYPE.FLOAT ? String(Number(value.toPrecision(6))) : String(value);
}

/** The same of a cell of the binary protocol. */
export function decodeBinary(cell: Buffer, shape: ColumnShape): string {
  switch (shape.type) {
    case TYPE.TINY:
      return integer(cell, 1, shape);
    case TYPE.SHORT:
      return integer(cell, 2, shape);
    case TYPE.YEAR:
      return String(exactly(cell, 2).readUInt16LE(0)).padStart(4, "0");
    case TYPE.INT24:
    case TYPE.LONG:
      return integer(cell, 4, shape);
    case TYPE.LONGLONG:
      return integer(cell, 8, shape);
    case TYPE.FLOAT:
      return floatText(exactly(cell, 4).readFloatLE(0), shape);
    case TYPE.DOUBLE:
      return floatText(exactly(cell, 8).readDoubleLE(0), shape);
    case TYPE.DATE:
    case TYPE.NEWDATE:
    case TYPE.DATETIME:
    case TYPE.TIMESTAMP:
      return dateAndTime(cell, shape);
    case TYPE.TIME:
      return time(cell, shape);
    default:
      return content(cell).toString("latin1");
  }
}
