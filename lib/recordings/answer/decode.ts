import { columnOf } from "@/lib/masking/column";
import type { RecordedMasking } from "@/lib/masking/recorded";
import type { ReplayColumn, ReplayResult, ReplayValue } from "../replay-model";
import { cellReader, stringValue } from "./cells";
import { typeName } from "./definition";
import type { Payload } from "./packets";
import type { Answer, Answered, AnsweredRows } from "./read-answer";
import { readRow } from "./rows";

/** Most bytes of rows in one window; a single row may be longer. */
const WINDOW_BYTES = 4 * 1024 * 1024;

/** Which rows of each result are wanted. */
export interface RowWindow {
  readonly from: number;
  readonly rows: number;
}

/** What the statement's record says of the answer. */
export interface AnswerFacts {
  readonly masking: RecordedMasking | null;
  /** Rows that the client got. */
  readonly rows: number;
}

/** Results of an answer as pages show them, and whether every value in the window could be read. */
export interface DecodedAnswer {
  readonly results: readonly ReplayResult[];
  readonly readable: boolean;
}

/** The columns of a result; what hid them is known for the first result of a statement. */
export function columnsOf(result: AnsweredRows, masking: RecordedMasking | null): ReplayColumn[] {
  return result.columns.map(({ name, shape }, position) => {
    const output = masking?.outputs.find((one) => one.position === position);
    return {
      name,
      type: typeName(shape),
      masked: output === undefined ? null : { method: output.method, columns: output.columns },
    };
  });
}

/** Reads rows of a result one after the other. */
export function rowReader(result: AnsweredRows): (payload: Payload) => ReturnType<typeof readRow> {
  const cells = result.columns.map(({ shape }) => cellReader(shape));
  return (payload) => readRow(payload.bytes, cells, result.binary);
}

/** Turns an answer into what pages show, with the rows of `window` of each result. */
export function decodeAnswer(answer: Answer, facts: AnswerFacts, window: RowWindow): DecodedAnswer {
  let readable = true;
  const firstRows = answer.results.findIndex((result) => result.kind === "rows");
  const results = answer.results.map((result, index): ReplayResult => {
    switch (result.kind) {
      case "rows": {
        const decoded = decodeRows(result, index === firstRows ? facts.masking : null, window);
        readable &&= decoded.readable;
        return { ...decoded.result, leftOut: leftOutOf(answer, index, facts.rows) };
      }
      case "fields":
        return decodeFields(result, window);
      case "ok": {
        const { status: _, ...ok } = result;
        return ok;
      }
      case "error":
        return result;
      default:
        return result satisfies never;
    }
  });
  return { results, readable };
}

/**
 * The limit cuts an answer where it stands; the shape leaves the rows of every result out. Where the client got no more rows than are
 * recorded, it left none out.
 */
function leftOutOf(answer: Answer, index: number, clientRows: number): "limit" | "shape" | null {
  switch (answer.leftOut) {
    case "shape": {
      const recorded = answer.results.reduce((rows, one) => rows + (one.kind === "rows" ? one.rows.length : 0), 0);
      return recorded < clientRows ? "shape" : null;
    }
    case "limit":
      return !answer.complete && index === answer.results.length - 1 ? "limit" : null;
    case null:
      return null;
    default:
      return answer.leftOut satisfies never;
  }
}

function windowOf<T>(all: readonly T[], { from, rows }: RowWindow, bytesOf: (one: T) => number): T[] {
  const kept: T[] = [];
  let bytes = 0;
  for (const one of all.slice(from, from + rows)) {
    bytes += bytesOf(one);
    if (kept.length > 0 && bytes > WINDOW_BYTES) break;
    kept.push(one);
  }
  return kept;
}

type RowsResult = Extract<ReplayResult, { kind: "rows" }>;

function decodeRows(
  result: AnsweredRows,
  masking: RecordedMasking | null,
  window: RowWindow,
): { readonly result: RowsResult; readonly readable: boolean } {
  const read = rowReader(result);
  const kept = windowOf(result.rows, window, (payload) => payload.bytes.length);
  const rows = kept.map(read);
  return {
    readable: rows.every((row) => row.readable),
    result: {
      kind: "rows",
      columns: columnsOf(result, masking),
      from: window.from,
      rows: rows.map((row) => row.values),
      rowsAtUs: kept.map((payload) => payload.atUs),
      recorded: result.rows.length,
      leftOut: null,
    },
  };
}

const fieldColumns: readonly ReplayColumn[] = ["Field", "Type", "Default"].map((name) => ({
  name,
  type: "varchar",
  masked: null,
}));

/** A list of fields as a result with a row for each. */
function decodeFields({ fields }: Extract<Answered, { kind: "fields" }>, window: RowWindow): RowsResult {
  const kept = windowOf(fields, window, () => 0);
  return {
    kind: "rows",
    columns: fieldColumns,
    from: window.from,
    rows: kept.map(({ column: { name, shape }, value }): ReplayValue[] => [
      name,
      typeName(shape),
      value === null ? null : stringValue(value, columnOf(shape).kind, shape.collation),
    ]),
    rowsAtUs: kept.map(({ atUs }) => atUs),
    recorded: fields.length,
    leftOut: null,
  };
}
