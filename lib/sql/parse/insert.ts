import type { Expression, SelectBlock, SelectItem } from "../model";
import { type Cursor, valueRef } from "./cursor";
import { readExpression } from "./expression";
import { readQuery } from "./query";
import { readItems } from "./select";
import {
  assignmentsOf,
  blockOf,
  type Draft,
  expressionAt,
  readAssignments,
  skipModifiers,
  type Target,
  takeObject,
  takeTarget,
} from "./write";

type Cell = { readonly direct: Expression } | { readonly item: number };

/** INSERT and REPLACE: VALUES, SET and query, with ON DUPLICATE KEY UPDATE and RETURNING. */
export function readInsert(cursor: Cursor): Draft {
  const kind = cursor.takeWord("REPLACE") ? "replace" : "insert";
  if (kind === "insert") cursor.expectWord("INSERT");
  const ignore = skipModifiers(cursor);
  cursor.takeWord("INTO");
  const table = takeObject(cursor);
  if (cursor.takeWord("PARTITION")) skipNames(cursor);
  const items: string[] = [];
  let columns: readonly string[] | null = null;
  let rows: readonly (readonly Cell[])[] | null = null;
  let query: string | null = null;
  if (cursor.takeWord("SET")) {
    const { targets, values } = readAssignments(cursor);
    columns = targets.map((target) => target.column);
    rows = [values.map((value) => ({ item: items.push(value) - 1 }))];
  } else {
    if (cursor.isSign("(") && !startsQuery(cursor)) columns = readInsertColumns(cursor);
    if (cursor.takeWord("VALUES") || cursor.takeWord("VALUE")) rows = readRows(cursor, items);
    else query = readQuery(cursor);
  }
  if (cursor.isWord("AS")) cursor.unsupported("a row alias of INSERT; use VALUES(column)");
  const duplicate = readDuplicate(cursor);
  const firstDuplicate = items.length;
  items.push(...duplicate.values);
  const returning = cursor.takeWord("RETURNING");
  const firstReturned = items.length;
  if (returning) items.push(readItems(cursor));
  const texts = [...(query === null ? [] : [query]), ...(items.length === 0 ? [] : [`SELECT ${items.join(", ")}`])];
  return {
    texts,
    assemble: (queries) => {
      const block: SelectBlock | null = items.length === 0 ? null : blockOf(queries.at(-1));
      const source = queries[0];
      const returned: readonly SelectItem[] | null = returning ? (block?.items.slice(firstReturned) ?? []) : null;
      const cellValue = (cell: Cell) =>
        "direct" in cell ? cell.direct : expressionAt(block ?? blockOf(undefined), cell.item);
      return {
        kind,
        ignore,
        table,
        columns,
        source:
          query !== null && source !== undefined
            ? { kind: "query", query: source }
            : { kind: "rows", rows: (rows ?? []).map((row) => row.map(cellValue)) },
        onDuplicate: block === null ? [] : assignmentsOf(duplicate.targets, block, firstDuplicate),
        returning: returned,
      };
    },
  };
}

function skipNames(cursor: Cursor): void {
  cursor.expectSign("(");
  do cursor.takeName();
  while (cursor.takeSign(","));
  cursor.expectSign(")");
}

function startsQuery(cursor: Cursor): boolean {
  let ahead = 0;
  while (cursor.isSign("(", ahead)) ahead += 1;
  return cursor.isWord("SELECT", ahead) || cursor.isWord("WITH", ahead) || cursor.isWord("TABLE", ahead);
}

function readInsertColumns(cursor: Cursor): readonly string[] {
  cursor.expectSign("(");
  const columns: string[] = [];
  if (!cursor.isSign(")"))
    do columns.push(takeTarget(cursor).column);
    while (cursor.takeSign(","));
  cursor.expectSign(")");
  return columns;
}

function readRows(cursor: Cursor, items: string[]): readonly (readonly Cell[])[] {
  const rows: Cell[][] = [];
  do {
    cursor.takeWord("ROW");
    cursor.expectSign("(");
    const row: Cell[] = [];
    if (!cursor.isSign(")"))
      do row.push(readCell(cursor, items));
      while (cursor.takeSign(","));
    cursor.expectSign(")");
    rows.push(row);
  } while (cursor.takeSign(","));
  return rows;
}

/** Plain values are taken as they are, so that rows of a bulk insert cost nothing. */
function readCell(cursor: Cursor, items: string[]): Cell {
  const alone = (ahead: number) => cursor.isSign(",", ahead) || cursor.isSign(")", ahead);
  if (cursor.isLiteral() && alone(1)) return { direct: valueRef(cursor.takeLiteral()) };
  if (cursor.isSign("-") && cursor.isLiteral(1) && alone(2)) {
    cursor.position += 1;
    return { direct: { kind: "operation", name: "value", operands: [valueRef(cursor.takeLiteral())] } };
  }
  for (const word of ["NULL", "DEFAULT", "TRUE", "FALSE"]) {
    if (cursor.isWord(word) && alone(1)) {
      cursor.position += 1;
      return { direct: { kind: "constant", word } };
    }
  }
  return { item: items.push(readExpression(cursor)) - 1 };
}

function readDuplicate(cursor: Cursor): { readonly targets: readonly Target[]; readonly values: readonly string[] } {
  if (!cursor.takeWord("ON")) return { targets: [], values: [] };
  for (const word of ["DUPLICATE", "KEY", "UPDATE"]) cursor.expectWord(word);
  return readAssignments(cursor);
}
