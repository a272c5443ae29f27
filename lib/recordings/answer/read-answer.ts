import type { StatementCommand } from "@/lib/statements/labels";
import type { Frame } from "../frame";
import { BytesReader, UnreadableBytes } from "./bytes";
import { type DefinedColumn, readDefinition, typeName } from "./definition";
import {
  CURSOR_EXISTS,
  type Ended,
  FIRST_BYTE,
  isEof,
  LAST_ROW_SENT,
  MORE_RESULTS,
  readEnded,
  readError,
} from "./outcome";
import { FULL_PAYLOAD, type Payload, payloadsOf } from "./packets";

/** A result whose rows are still bytes. */
export interface AnsweredRows {
  readonly kind: "rows";
  readonly columns: readonly DefinedColumn[];
  readonly rows: readonly Payload[];
  /** How rows are written: executions answer in the binary protocol. */
  readonly binary: boolean;
}

export type Answered =
  | AnsweredRows
  | (Ended & { readonly kind: "ok"; readonly atUs: number })
  | (ReturnType<typeof readError> & { readonly kind: "error"; readonly atUs: number })
  /** The definitions of a table's columns, in the order of the table; `value` is the default. */
  | {
      readonly kind: "fields";
      readonly fields: readonly {
        readonly column: DefinedColumn;
        readonly value: Buffer | null;
        readonly atUs: number;
      }[];
    };

export interface Answer {
  readonly results: readonly Answered[];
  /** The answer is there to its end. */
  readonly complete: boolean;
  /** What follows the results is not what the protocol allows. */
  readonly damaged: boolean;
  /** From somewhere on nothing is recorded, or no rows. */
  readonly leftOut: "limit" | "shape" | null;
  readonly firstByteUs: number | null;
}

/** What is being read: an outcome or a number of columns, definitions, rows; `end` of the whole answer. */
type Place = "first" | "definitions" | "behind_definitions" | "rows" | "end";

/** Takes the payloads of one statement's answer in order. */
class AnswerReading {
  readonly results: Answered[] = [];
  readonly #binary: boolean;
  place: Place = "first";
  #columns: DefinedColumn[] = [];
  #rows: Payload[] = [];
  #definitionsLeft = 0;

  constructor(binary: boolean) {
    this.#binary = binary;
  }

  take(payload: Payload): void {
    const first = payload.bytes[0];
    if (first === undefined) throw new UnreadableBytes("an empty packet");
    if (first === FIRST_BYTE.ERR) {
      this.flush();
      this.results.push({ kind: "error", ...readError(payload.bytes), atUs: payload.atUs });
      this.place = "end";
      return;
    }
    switch (this.place) {
      case "first":
      case "end":
        this.#takeFirst(payload, first);
        return;
      case "definitions":
        this.#columns.push(readDefinition(new BytesReader(payload.bytes)));
        this.#definitionsLeft -= 1;
        if (this.#definitionsLeft === 0) this.place = "behind_definitions";
        return;
      case "behind_definitions":
        this.place = "rows";
        // With a cursor the rows come later, as answers to fetches.
        if (!isEof(payload.bytes)) this.#takeRow(payload, first);
        return;
      case "rows":
        this.#takeRow(payload, first);
        return;
      default:
        this.place satisfies never;
    }
  }

  /** Ends the result that is being read, with what there is of it. */
  flush(): void {
    if (this.place === "definitions" || this.place === "behind_definitions" || this.place === "rows") {
      this.results.push({ kind: "rows", columns: this.#columns, rows: this.#rows, binary: this.#binary });
    }
  }

  #takeFirst(payload: Payload, first: number): void {
    if (first === FIRST_BYTE.OK) {
      const ended = readEnded(payload.bytes);
      this.results.push({ kind: "ok", ...ended, atUs: payload.atUs });
      this.#endResult(ended.status);
      return;
    }
    // A fetch behind a cursor's last row.
    if (this.place === "end" && isEof(payload.bytes)) return;
    const reader = new BytesReader(payload.bytes);
    this.#definitionsLeft = reader.lenenc();
    if (reader.left > 0 || this.#definitionsLeft > 0xffff) throw new UnreadableBytes("no number of columns");
    this.#columns = [];
    this.#rows = [];
    this.place = "definitions";
  }

  #takeRow(payload: Payload, first: number): void {
    // A row of the text protocol that begins so has a value of 16 MiB.
    if (first !== FIRST_BYTE.EOF || payload.bytes.length >= FULL_PAYLOAD) {
      this.#rows.push(payload);
      return;
    }
    const { status } = readEnded(payload.bytes);
    if ((status & CURSOR_EXISTS) !== 0 && (status & LAST_ROW_SENT) === 0) return;
    this.flush();
    this.#endResult(status);
  }

  #endResult(status: number): void {
    this.place = (status & MORE_RESULTS) === 0 ? "end" : "first";
  }
}

/** Reads the answer that one statement's frames hold, in their order. Rows stay bytes until `readRow`. Never throws for what they hold. */
export function readAnswer(frames: readonly Frame[], command: StatementCommand): Answer {
  const { payloads, torn } = payloadsOf(frames);
  const read = payloads.length > 0 ? readPayloads(payloads, command) : { results: [], complete: false, damaged: false };
  const cut = frames.some((frame) => frame.kind === "cut");
  const shape = frames.some((frame) => frame.kind === "rows_left_out");
  return {
    ...read,
    complete: read.complete && torn === 0,
    leftOut: shape ? "shape" : cut ? "limit" : null,
    firstByteUs: frames.find((frame) => frame.kind === "response")?.atUs ?? null,
  };
}

type Read = Pick<Answer, "results" | "complete" | "damaged">;

function readPayloads(payloads: readonly Payload[], command: StatementCommand): Read {
  switch (command) {
    case "prepare":
      return caught((results) => readPrepared(payloads, results));
    case "field_list":
      return caught((results) => readFields(payloads, results));
    case "query":
    case "execute":
    case "init_db": {
      const reading = new AnswerReading(command === "execute");
      return caught((results) => {
        try {
          for (const payload of payloads) reading.take(payload);
        } finally {
          reading.flush();
          results.push(...reading.results);
        }
        return reading.place === "end";
      });
    }
    default:
      return command satisfies never;
  }
}

/** `read` adds to the results as it goes and says whether it came to the end. */
function caught(read: (results: Answered[]) => boolean): Read {
  const results: Answered[] = [];
  try {
    return { complete: read(results), damaged: false, results };
  } catch (error) {
    if (!(error instanceof UnreadableBytes)) throw error;
    return { complete: false, damaged: true, results };
  }
}

function readPrepared(payloads: readonly Payload[], results: Answered[]): boolean {
  const [head, ...others] = payloads;
  if (head === undefined) return false;
  if (head.bytes[0] === FIRST_BYTE.ERR) {
    results.push({ kind: "error", ...readError(head.bytes), atUs: head.atUs });
    return true;
  }
  const prepared = readPreparedHead(head.bytes);
  const definitions = others.filter((payload) => !isEof(payload.bytes));
  const columns = definitions
    .slice(prepared.parameters, prepared.parameters + prepared.columns)
    .map((payload) => readDefinition(new BytesReader(payload.bytes)));
  const named = columns.map(({ name, shape }) => `${name} ${typeName(shape)}`).join(", ");
  const info = `${counted(prepared.parameters, "parameter")}, ${counted(prepared.columns, "column")}`;
  results.push({
    kind: "ok",
    affectedRows: 0,
    lastInsertId: "0",
    status: 0,
    warnings: prepared.warnings,
    info: named === "" ? info : `${info}: ${named}`,
    atUs: payloads.at(-1)?.atUs ?? head.atUs,
  });
  return definitions.length >= prepared.parameters + prepared.columns;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** COM_STMT_PREPARE_OK (MySQL manual). Throws UnreadableBytes. */
export function readPreparedHead(payload: Buffer): {
  readonly statementId: number;
  readonly columns: number;
  readonly parameters: number;
  readonly warnings: number;
} {
  const reader = new BytesReader(payload);
  if (reader.u8() !== FIRST_BYTE.OK) throw new UnreadableBytes("no COM_STMT_PREPARE_OK");
  const statementId = reader.u32();
  const columns = reader.u16();
  const parameters = reader.u16();
  reader.skip(1);
  return { statementId, columns, parameters, warnings: reader.left >= 2 ? reader.u16() : 0 };
}

function readFields(payloads: readonly Payload[], results: Answered[]): boolean {
  const fields: { column: DefinedColumn; value: Buffer | null; atUs: number }[] = [];
  const end = () => results.push({ kind: "fields", fields });
  for (const { bytes, atUs } of payloads) {
    if (bytes[0] === FIRST_BYTE.ERR) {
      results.push({ kind: "error", ...readError(bytes), atUs });
      return true;
    }
    if (bytes[0] === FIRST_BYTE.EOF) {
      end();
      return true;
    }
    const reader = new BytesReader(bytes);
    try {
      const column = readDefinition(reader);
      const hasDefault = reader.left > 0 && bytes[reader.at] !== 0xfb;
      fields.push({ column, value: hasDefault ? reader.lenencBytes() : null, atUs });
    } catch (error) {
      end();
      throw error;
    }
  }
  end();
  return false;
}
