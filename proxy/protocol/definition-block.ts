import { HEADER, MAX_PAYLOAD } from "./constants";
import { FRAME_HEADER, payloadLength } from "./frame";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { readStmtPrepareOk, type StmtPrepareOk } from "./stmt-prepare-ok";

/** The packets that describe a result before its first row, or a whole answer to COM_STMT_PREPARE; offsets into the bytes that were searched. */
export interface DefinitionBlock {
  readonly at: number;
  readonly end: number;
  /** Number of packets. */
  readonly packets: number;
  /** Number of column definitions, and where they stand. */
  readonly columns: number;
  readonly columnsAt: number;
  readonly columnsEnd: number;
  readonly prepared: StmtPrepareOk | null;
  /** Of an ERR that came in place of the rest of the definitions, else -1. */
  readonly errAt: number;
}

/** Longest block; the longest names in 4096 columns come to a third of it. */
const MAX_BLOCK = 16 * 1024 * 1024;
const MAX_HEAD = 64;

/** Whether a packet that is the first of an answer begins definitions, and is no outcome of its own. */
export function beginsDefinitions(first: number, prepare: boolean): boolean {
  switch (first) {
    case HEADER.OK:
      return prepare;
    case HEADER.ERR:
    case HEADER.EOF:
    case HEADER.LOCAL_INFILE:
      return false;
    default:
      return !prepare;
  }
}

/** Columns of a result, from the packet in front of its definitions. */
export function readColumnCount(payload: Buffer): number {
  const reader = new PacketReader(payload, "column count");
  const columns = reader.lenenc("columns");
  if (reader.left > 0 || columns > 0xffff) {
    throw new MalformedPacket("column count: not a number of columns");
  }
  return columns;
}

/** Packets with definitions behind a COM_STMT_PREPARE_OK. */
export function definitionPackets({ parameters, columns }: StmtPrepareOk, deprecateEof: boolean): number {
  return parameters + columns + (deprecateEof ? 0 : Number(parameters > 0) + Number(columns > 0));
}

/**
 * The block that begins at `at`, or null while some of it is missing before `end`. Of a result it ends with the last definition,
 * of a prepared statement with the answer. Throws MalformedPacket.
 */
export function findBlock(
  bytes: Buffer,
  at: number,
  end: number,
  prepare: boolean,
  deprecateEof: boolean,
): DefinitionBlock | null {
  const length = payloadLength(bytes, at);
  if (length > MAX_HEAD) {
    throw new MalformedPacket("an answer that starts with an unknown packet");
  }
  let p = at + FRAME_HEADER + length;
  if (p > end) {
    return null;
  }
  const head = bytes.subarray(at + FRAME_HEADER, p);
  const prepared = prepare ? readStmtPrepareOk(head) : null;
  const columns = prepared?.columns ?? readColumnCount(head);
  const all = prepared === null ? columns : definitionPackets(prepared, deprecateEof);
  const lastColumn = all - (prepared === null || deprecateEof || columns === 0 ? 0 : 1);
  let columnsAt = p;
  let columnsEnd = p;
  for (let index = 0; index < all; index += 1) {
    if (index === lastColumn - columns) {
      columnsAt = p;
    }
    if (end - p < FRAME_HEADER) {
      return null;
    }
    const size = payloadLength(bytes, p);
    if (size === 0 || size === MAX_PAYLOAD || p + size - at > MAX_BLOCK) {
      throw new MalformedPacket("no definition where one is due");
    }
    if (end - p < FRAME_HEADER + size) {
      return null;
    }
    if (bytes[p + FRAME_HEADER] === HEADER.ERR && !prepare) {
      const errEnd = p + FRAME_HEADER + size;
      return { at, end: errEnd, packets: 0, columns, columnsAt, columnsEnd: p, prepared, errAt: p };
    }
    p += FRAME_HEADER + size;
    if (index === lastColumn - 1) {
      columnsEnd = p;
    }
  }
  if (columns === 0) {
    columnsAt = columnsEnd;
  }
  return { at, end: p, packets: 1 + all, columns, columnsAt, columnsEnd, prepared, errAt: -1 };
}
