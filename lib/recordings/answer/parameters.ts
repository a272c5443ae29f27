import { isUtf8 } from "node:buffer";
import type { ColumnShape } from "@/lib/masking/cell";
import { BINARY, UTF8MB4_GENERAL_CI } from "@/lib/masking/collations";
import { FLAG, NOT_FIXED, TYPE } from "@/lib/masking/column-types";
import type { ReplayValue } from "../replay-model";
import { BytesReader, UnreadableBytes } from "./bytes";
import { cellReader } from "./cells";
import { typeName } from "./definition";

/** First bytes of commands about prepared statements. */
export const PREPARED_COMMAND = { EXECUTE: 0x17, LONG_DATA: 0x18, CLOSE: 0x19, RESET: 0x1a } as const;

/** A bound value as it is shown. */
export interface Parameter {
  readonly type: string;
  readonly value: ReplayValue;
}

/** Types and values of an execution; `types` are two bytes for each parameter. */
export interface BoundParameters {
  readonly types: Buffer;
  readonly parameters: readonly Parameter[];
}

const UNSIGNED = 0x80;
const ID_END = 5;
const HEAD_LENGTH = 10;
const LONG_DATA_HEAD = 7;
/** Characters that are in no text. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** The server's id of the prepared statement that a request is about; null when it is about none. */
export function preparedIdOf(request: Buffer): number | null {
  const known = Object.values(PREPARED_COMMAND).some((byte) => byte === request[0]);
  return known && request.length >= ID_END ? request.readUInt32LE(1) : null;
}

/** A part of a long parameter: which, and the bytes; null when the request is another. */
export function longDataOf(request: Buffer): { readonly parameter: number; readonly bytes: Buffer } | null {
  if (request[0] !== PREPARED_COMMAND.LONG_DATA || request.length < LONG_DATA_HEAD) return null;
  return { parameter: request.readUInt16LE(ID_END), bytes: request.subarray(LONG_DATA_HEAD) };
}

/** The types that an execution sent, two bytes for each parameter; null when it relies on those of an earlier one. */
export function sentTypes(request: Buffer, parameters: number): Buffer | null {
  const flagAt = HEAD_LENGTH + ((parameters + 7) >> 3);
  const end = flagAt + 1 + parameters * 2;
  if (request[0] !== PREPARED_COMMAND.EXECUTE || request[flagAt] !== 1 || request.length < end) return null;
  return request.subarray(flagAt + 1, end);
}

/**
 * Reads the values of a COM_STMT_EXECUTE (MySQL manual), command byte included. `known` are the types of an earlier execution, `longData`
 * the parameters that were sent before. Null when the request does not hold exactly these values.
 */
export function readParameters(
  request: Buffer,
  count: number,
  known: Buffer | null,
  longData: ReadonlyMap<number, Buffer>,
): BoundParameters | null {
  if (count === 0) return { types: Buffer.alloc(0), parameters: [] };
  const sent = sentTypes(request, count);
  const types = sent ?? known;
  if (types === null || types.length !== count * 2) return null;
  const reader = new BytesReader(request);
  try {
    reader.skip(HEAD_LENGTH);
    const nulls = reader.take((count + 7) >> 3);
    reader.skip(1 + (sent?.length ?? 0));
    const parameters = Array.from({ length: count }, (_, index): Parameter => {
      const shape = shapeOf(types[index * 2] ?? 0, types[index * 2 + 1] ?? 0);
      const type = typeName(shape);
      if (((nulls[index >> 3] ?? 0) & (1 << (index & 7))) !== 0 || shape.type === TYPE.NULL) {
        return { type, value: null };
      }
      const long = longData.get(index);
      if (long !== undefined) return { type, value: bytesValue(long) };
      return { type, value: isBytes(shape) ? bytesValue(reader.lenencBytes()) : cellReader(shape).binary(reader) };
    });
    return reader.left === 0 ? { types, parameters } : null;
  } catch (error) {
    if (error instanceof UnreadableBytes) return null;
    throw error;
  }
}

function shapeOf(type: number, flags: number): ColumnShape {
  return {
    type,
    flags: (flags & UNSIGNED) === 0 ? 0 : FLAG.UNSIGNED,
    collation: type >= TYPE.TINY_BLOB && type <= TYPE.BLOB ? BINARY : UTF8MB4_GENERAL_CI,
    length: 0,
    decimals: NOT_FIXED,
  };
}

function isBytes({ collation }: ColumnShape): boolean {
  return collation === BINARY;
}

/** Clients bind text as bytes, too. */
function bytesValue(bytes: Buffer): ReplayValue {
  const text = isUtf8(bytes) ? bytes.toString("utf8") : null;
  return text === null || CONTROL.test(text) ? { hex: bytes.toString("hex") } : text;
}
