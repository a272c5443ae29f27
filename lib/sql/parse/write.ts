import type { Assignment, Expression, ObjectName, Query, SelectBlock, SelectItem, Statement } from "../model";
import { type Cursor, Refusal, valueRef } from "./cursor";
import { readExpression } from "./expression";
import { readTableReferences } from "./from";
import { readItems, readLimit, readOrderBy, readQuery, readWith } from "./query";

/** Simplified queries to parse, and the statement they make together. */
export interface Draft {
  readonly texts: readonly string[];
  readonly assemble: (queries: readonly Query[]) => Statement;
}

interface Target {
  readonly schema: string | null;
  readonly table: string | null;
  readonly column: string;
}

function skipModifiers(cursor: Cursor): boolean {
  let ignore = false;
  for (;;) {
    if (cursor.takeWord("IGNORE")) ignore = true;
    else if (!["LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY", "QUICK"].some((word) => cursor.takeWord(word)))
      return ignore;
  }
}

/** name or schema.name, as a name of the model. */
export function takeObject(cursor: Cursor): ObjectName {
  const first = cursor.nameAt(cursor.takeName());
  if (!cursor.isSign(".")) return { schema: null, name: first };
  cursor.position += 1;
  return { schema: first, name: takeAfterDot(cursor) };
}

function takeAfterDot(cursor: Cursor): string {
  const token = cursor.at();
  if (token?.kind !== "word" && token?.kind !== "quotedName") return cursor.unexpected("a name");
  cursor.position += 1;
  return token.text;
}

function takeTarget(cursor: Cursor): Target {
  const parts = [cursor.nameAt(cursor.takeName())];
  while (parts.length < 3 && cursor.takeSign(".")) parts.push(takeAfterDot(cursor));
  const [column = "", table = null, schema = null] = parts.reverse();
  return { column, table, schema };
}

/** column = expression, ... */
function readAssignments(cursor: Cursor): { readonly targets: readonly Target[]; readonly values: readonly string[] } {
  const targets: Target[] = [];
  const values: string[] = [];
  do {
    targets.push(takeTarget(cursor));
    if (!cursor.takeSign("=")) cursor.expectSign(":=");
    values.push(readExpression(cursor));
  } while (cursor.takeSign(","));
  return { targets, values };
}

function blockOf(query: Query | undefined): SelectBlock {
  if (query?.body.kind !== "select") throw new Refusal("MISREAD", "a part of it is missing", null);
  return query.body;
}

function expressionAt(block: SelectBlock, index: number): Expression {
  const item = block.items[index];
  if (item?.kind !== "expression") throw new Refusal("MISREAD", "a value is missing", null);
  return item.expression;
}

function fromOf(block: SelectBlock): NonNullable<SelectBlock["from"]> {
  if (block.from === null) throw new Refusal("MISREAD", "a table is missing", null);
  return block.from;
}

function assignmentsOf(targets: readonly Target[], block: SelectBlock, first: number): readonly Assignment[] {
  return targets.map((target, index) => ({ ...target, value: expressionAt(block, first + index) }));
}

function readConditions(cursor: Cursor): string {
  let text = cursor.takeWord("WHERE") ? ` WHERE ${readExpression(cursor)}` : "";
  if (cursor.takeWord("ORDER")) text += readOrderBy(cursor);
  return text + readLimit(cursor);
}

/** A select list stands where the parser needs one and nothing is selected. */
function nothing(cursor: Cursor): string {
  return cursor.call([], () => ({ kind: "constant", word: "NULL" }));
}

export function readUpdate(cursor: Cursor): Draft {
  const prefix = cursor.isWord("WITH") ? readWith(cursor) : "";
  cursor.expectWord("UPDATE");
  const ignore = skipModifiers(cursor);
  const tables = readTableReferences(cursor);
  cursor.expectWord("SET");
  const { targets, values } = readAssignments(cursor);
  const text = `${prefix}SELECT ${values.join(", ")} FROM ${tables}${readConditions(cursor)}`;
  return {
    texts: [text],
    assemble: ([query]) => {
      const block = blockOf(query);
      return {
        kind: "update",
        ignore,
        with: query?.with ?? null,
        from: fromOf(block),
        set: assignmentsOf(targets, block, 0),
        where: block.where,
        orderBy: query?.orderBy ?? [],
        limit: query?.limit ?? null,
      };
    },
  };
}

/** The three forms of DELETE (MySQL manual, "DELETE Statement"). */
export function readDelete(cursor: Cursor): Draft {
  const prefix = cursor.isWord("WITH") ? readWith(cursor) : "";
  cursor.expectWord("DELETE");
  const ignore = skipModifiers(cursor);
  let targets: readonly ObjectName[] | null = null;
  if (!cursor.isWord("FROM")) {
    targets = readDeleteTargets(cursor);
    cursor.expectWord("FROM");
  } else {
    cursor.position += 1;
    const start = cursor.position;
    const listed = tryDeleteTargets(cursor);
    if (listed !== null && cursor.takeWord("USING")) targets = listed;
    else cursor.position = start;
  }
  const tables = readTableReferences(cursor);
  const conditions = readConditions(cursor);
  const returning = cursor.takeWord("RETURNING");
  const items = returning ? readItems(cursor) : nothing(cursor);
  return {
    texts: [`${prefix}SELECT ${items} FROM ${tables}${conditions}`],
    assemble: ([query]) => {
      const block = blockOf(query);
      return {
        kind: "delete",
        ignore,
        with: query?.with ?? null,
        targets,
        from: fromOf(block),
        where: block.where,
        orderBy: query?.orderBy ?? [],
        limit: query?.limit ?? null,
        returning: returning ? block.items : null,
      };
    },
  };
}

function readDeleteTargets(cursor: Cursor): readonly ObjectName[] {
  const targets: ObjectName[] = [];
  do {
    const first = cursor.nameAt(cursor.takeName());
    let target: ObjectName = { schema: null, name: first };
    if (cursor.isSign(".") && !cursor.isSign("*", 1)) {
      cursor.position += 1;
      target = { schema: first, name: takeAfterDot(cursor) };
    }
    if (cursor.isSign(".") && cursor.isSign("*", 1)) cursor.position += 2;
    targets.push(target);
  } while (cursor.takeSign(","));
  return targets;
}

function tryDeleteTargets(cursor: Cursor): readonly ObjectName[] | null {
  for (let index = cursor.position; index < cursor.tokens.length; index += 1) {
    const token = cursor.tokens[index];
    if (token?.kind === "word" && token.reserved) return token.upper === "USING" ? readDeleteTargets(cursor) : null;
    if (token?.kind === "punctuation" && token.text === "(") return null;
  }
  return null;
}

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

/** CALL name[(arguments)] */
export function readCallStatement(cursor: Cursor): Draft {
  cursor.expectWord("CALL");
  const procedure = takeObject(cursor);
  const args: string[] = [];
  if (cursor.takeSign("(")) {
    if (!cursor.isSign(")"))
      do args.push(readExpression(cursor));
      while (cursor.takeSign(","));
    cursor.expectSign(")");
  }
  return {
    texts: args.length === 0 ? [] : [`SELECT ${args.join(", ")}`],
    assemble: ([query]) => ({
      kind: "call",
      procedure,
      args: args.length === 0 ? [] : args.map((_, index) => expressionAt(blockOf(query), index)),
    }),
  };
}
