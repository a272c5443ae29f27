import type { Assignment, Expression, ObjectName, Query, SelectBlock, Statement } from "../model";
import { type Cursor, Refusal } from "./cursor";
import { readExpression } from "./expression";
import { readTableReferences } from "./from";
import { readLimit, readOrderBy, readWith } from "./query";
import { readItems } from "./select";

/** Simplified queries to parse, and the statement they make together. */
export interface Draft {
  readonly texts: readonly string[];
  readonly assemble: (queries: readonly Query[]) => Statement;
}

/** A column as it is written on the left of an assignment. */
export interface Target {
  readonly schema: string | null;
  readonly table: string | null;
  readonly column: string;
}

/** LOW_PRIORITY, IGNORE and the like; whether IGNORE was among them. */
export function skipModifiers(cursor: Cursor): boolean {
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

/** A column that gets a value, with up to two qualifying names. */
export function takeTarget(cursor: Cursor): Target {
  const parts = [cursor.nameAt(cursor.takeName())];
  while (parts.length < 3 && cursor.takeSign(".")) parts.push(takeAfterDot(cursor));
  const [column = "", table = null, schema = null] = parts.reverse();
  return { column, table, schema };
}

/** column = expression, ... */
export function readAssignments(cursor: Cursor): {
  readonly targets: readonly Target[];
  readonly values: readonly string[];
} {
  const targets: Target[] = [];
  const values: string[] = [];
  do {
    targets.push(takeTarget(cursor));
    if (!cursor.takeSign("=")) cursor.expectSign(":=");
    values.push(readExpression(cursor));
  } while (cursor.takeSign(","));
  return { targets, values };
}

/** The SELECT block a part of the statement was written as. */
export function blockOf(query: Query | undefined): SelectBlock {
  if (query?.body.kind !== "select") throw new Refusal("MISREAD", "a part of it is missing", null);
  return query.body;
}

/** The value that was written as a select item. */
export function expressionAt(block: SelectBlock, index: number): Expression {
  const item = block.items[index];
  if (item?.kind !== "expression") throw new Refusal("MISREAD", "a value is missing", null);
  return item.expression;
}

function fromOf(block: SelectBlock): NonNullable<SelectBlock["from"]> {
  if (block.from === null) throw new Refusal("MISREAD", "a table is missing", null);
  return block.from;
}

/** The assignments whose values are the select items from `first` on. */
export function assignmentsOf(targets: readonly Target[], block: SelectBlock, first: number): readonly Assignment[] {
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
