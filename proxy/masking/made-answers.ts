import type { ColumnMask } from "@/lib/masking/cell";
import { TYPE } from "@/lib/masking/column-types";
import type { MaskMethodName } from "@/lib/masking/mask";
import type { ResultPlan } from "@/lib/masking/result-plan";
import { type ColumnDefinition, writeColumnDefinition } from "../protocol/column-definition";
import { CAPABILITY, HEADER, STATUS } from "../protocol/constants";
import { writeEof } from "../protocol/eof-packet";
import { FRAME_HEADER, payloadLength, writeFrame } from "../protocol/frame";
import { writeOk } from "../protocol/ok-packet";
import { lenenc, lenencString } from "../protocol/packet-writer";
import { writeStmtPrepareOk } from "../protocol/stmt-prepare-ok";
import { binaryWidth, LENGTH_ENCODED } from "./binary-widths";
import { fakeMask } from "./fake-masks";
import { LONGEST_SEEN, shapeOf } from "./masked-columns";

/** For tests: answers of a server, and what a client should get of them, both made in the plainest way. */

/** A value without its length (dates of the binary protocol with it), null for NULL. */
export type Cell = Buffer | null;

export interface MadeResult {
  readonly columns: readonly { readonly type: number; readonly method: MaskMethodName | null }[];
  readonly rows: readonly (readonly Cell[])[];
}

export const maskOf = (method: MaskMethodName | null): ColumnMask | null =>
  method === null ? null : { method, options: {} };

export function definitionOf(type: number, index: number): ColumnDefinition {
  const name = `c${index}`;
  return {
    schema: "shop",
    table: "t",
    orgTable: "t",
    name,
    orgName: name,
    collation: 63,
    length: 40,
    type,
    flags: 0x81,
    decimals: 3,
  };
}

/** Hides exactly the columns that have a method. */
export function planOf(columns: MadeResult["columns"], changes: Partial<ResultPlan> = {}): ResultPlan {
  return {
    outputs: columns.map(({ method }, index) => ({
      mask: maskOf(method),
      origin: { schema: "shop", table: "t", column: `c${index}` },
    })),
    scrub: false,
    hidesNamed: null,
    hides: (_schema, _table, column) => (columns[Number(column.slice(1))]?.method ?? null) !== null,
    ...changes,
  };
}

/** Puts payloads into packets one after the other. */
export class Packets {
  readonly #parts: Buffer[] = [];
  #sequence = 1;

  add(...payloads: Buffer[]): this {
    for (const payload of payloads) {
      const frame = writeFrame(payload, this.#sequence);
      this.#parts.push(frame);
      for (let at = 0; at < frame.length; at += FRAME_HEADER + payloadLength(frame, at)) {
        this.#sequence = (this.#sequence + 1) & 0xff;
      }
    }
    return this;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function encodedRow(cells: readonly (Buffer | null)[], binary: boolean): Buffer {
  if (!binary) {
    return Buffer.concat(cells.map((cell) => cell ?? Buffer.of(0xfb)));
  }
  const head = Buffer.alloc(1 + ((cells.length + 9) >> 3));
  cells.forEach((cell, index) => {
    const bit = index + 2;
    if (cell === null) head.writeUInt8(head.readUInt8(1 + (bit >> 3)) | (1 << (bit & 7)), 1 + (bit >> 3));
  });
  return Buffer.concat([head, ...cells.filter((cell) => cell !== null)]);
}

const sent = (cell: Cell, type: number, binary: boolean): Buffer | null =>
  cell !== null && (!binary || binaryWidth(type) === LENGTH_ENCODED) ? lenencString(cell) : cell;

function masked(cell: Cell, type: number, index: number, method: MaskMethodName, binary: boolean): Buffer | null {
  if (cell === null) return null;
  const shape = shapeOf(definitionOf(type, index));
  const looks = fakeMask({ method, options: {} }, shape).constant === null;
  const mask = fakeMask({ method: looks && cell.length > LONGEST_SEEN ? "redact" : method, options: {} }, shape);
  const value = binary ? mask.constant?.binary : mask.constant?.text;
  if (value !== undefined) return value;
  return binary ? mask.binary(cell, 0, cell.length) : mask.text(cell, 0, cell.length);
}

export interface AnswerOptions {
  readonly binary: boolean;
  readonly deprecateEof: boolean;
  readonly more?: boolean;
  readonly warnings?: number;
}

export function capabilitiesOf({ deprecateEof }: Pick<AnswerOptions, "deprecateEof">): number {
  return deprecateEof ? CAPABILITY.DEPRECATE_EOF : 0;
}

/** A result as the server sends it. */
export function addAnswer(packets: Packets, { columns, rows }: MadeResult, options: AnswerOptions): Packets {
  return addResult(
    packets,
    columns.map(({ type }, index) => writeColumnDefinition(definitionOf(type, index))),
    rows.map((row) =>
      encodedRow(
        row.map((cell, index) => sent(cell, columns[index]?.type ?? 0, options.binary)),
        options.binary,
      ),
    ),
    options,
  );
}

/** The same result as the client should get it. */
export function addExpected(packets: Packets, { columns, rows }: MadeResult, options: AnswerOptions): Packets {
  const cellOf = (cell: Cell, index: number) => {
    const { type, method } = columns[index] ?? { type: 0, method: null };
    return method === null ? sent(cell, type, options.binary) : masked(cell, type, index, method, options.binary);
  };
  return addResult(
    packets,
    columns.map(({ type, method }, index) => expectedDefinition(definitionOf(type, index), method)),
    rows.map((row) => encodedRow(row.map(cellOf), options.binary)),
    options,
  );
}

export function expectedDefinition(definition: ColumnDefinition, method: MaskMethodName | null): Buffer {
  const mask = maskOf(method);
  const shape = mask === null ? shapeOf(definition) : fakeMask(mask, shapeOf(definition)).shape;
  return writeColumnDefinition({ ...definition, ...shape });
}

function addResult(packets: Packets, definitions: Buffer[], rows: Buffer[], options: AnswerOptions): Packets {
  const { deprecateEof, more = false, warnings = 0 } = options;
  const status = STATUS.AUTOCOMMIT | (more ? STATUS.MORE_RESULTS : 0);
  const end = deprecateEof ? endOk(status, warnings) : writeEof({ warnings, status });
  packets.add(lenenc(definitions.length), ...definitions);
  if (!deprecateEof) packets.add(writeEof({ warnings, status }));
  return packets.add(...rows, end);
}

function endOk(status: number, warnings: number): Buffer {
  const nothing = Buffer.alloc(0);
  return writeOk(
    { header: HEADER.EOF, affectedRows: 0, lastInsertId: 0, status, warnings, info: nothing, stateChanges: nothing },
    0,
  );
}

/** The answer to COM_STMT_PREPARE, with `parameters` parameters. */
export function addPrepared(
  packets: Packets,
  definitions: readonly Buffer[],
  parameters: number,
  { deprecateEof, warnings = 0 }: AnswerOptions,
): Packets {
  const eof = writeEof({ warnings, status: STATUS.AUTOCOMMIT });
  const parameter = writeColumnDefinition({
    ...definitionOf(TYPE.NULL, 0),
    schema: "",
    orgTable: "",
    orgName: "",
  });
  packets.add(writeStmtPrepareOk({ statementId: 7, columns: definitions.length, parameters, warnings }));
  packets.add(...Array.from({ length: parameters }, () => parameter));
  if (parameters > 0 && !deprecateEof) packets.add(eof);
  packets.add(...definitions);
  return definitions.length > 0 && !deprecateEof ? packets.add(eof) : packets;
}
