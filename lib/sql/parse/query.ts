import type { Cursor } from "./cursor";
import { literalText } from "./cursor";
import { readExpression } from "./expression";
import { readTableReferences } from "./from";
import { readInto, readSelect } from "./select";

/** Words between two queries. */
export const SET_OPERATORS = new Set(["UNION", "INTERSECT", "EXCEPT"]);

/** A query in pieces; `plain` is one SELECT block and nothing else, which may stand in a set operation as it is. */
interface QueryText {
  readonly with: string;
  readonly body: string;
  readonly tail: string;
  readonly plain: boolean;
}

/** A query expression up to where it ends. Returns simplified text. */
export function readQuery(cursor: Cursor): string {
  const query = cursor.nested(() => readQueryText(cursor));
  return query.with + query.body + query.tail;
}

/** Whether the parenthesis at the cursor opens a query rather than an expression or a join. */
export function isSubquery(cursor: Cursor, index = cursor.position): boolean {
  let start = index;
  while (isOpen(cursor, start + 1)) start += 1;
  if (!isOpen(cursor, start) || !startsQuery(cursor, start + 1)) return false;
  for (let open = start; open > index; open -= 1) {
    const after = cursor.tokens[cursor.matching(open) + 1];
    if (after === undefined) return false;
    const ends = after.kind === "punctuation" && after.text === ")";
    const goesOn =
      after.kind === "word" && (SET_OPERATORS.has(after.upper) || after.upper === "ORDER" || after.upper === "LIMIT");
    if (!ends && !goesOn) return false;
  }
  return true;
}

/** Whether an opening parenthesis stands at the index. */
export function isOpen(cursor: Cursor, index: number): boolean {
  const token = cursor.tokens[index];
  return token?.kind === "punctuation" && token.text === "(";
}

function startsQuery(cursor: Cursor, index: number): boolean {
  const token = cursor.tokens[index];
  if (token?.kind !== "word" || !token.reserved) return false;
  return token.upper === "SELECT" || token.upper === "WITH" || token.upper === "TABLE" || token.upper === "VALUES";
}

/** ( query ), with its parentheses; redundant ones are dropped. */
export function readSubquery(cursor: Cursor): string {
  cursor.expectSign("(");
  const query =
    isSubquery(cursor) && cursor.matching(cursor.position) + 1 === cursor.matching(cursor.position - 1)
      ? readSubquery(cursor)
      : `(${readQuery(cursor)})`;
  cursor.expectSign(")");
  return query;
}

function readQueryText(cursor: Cursor): QueryText {
  const prefix = cursor.isWord("WITH") ? readWith(cursor) : "";
  const first = readTerm(cursor);
  let body = "";
  let last = first;
  while (cursor.isOneOf(SET_OPERATORS)) {
    body += `${termText(last)}${readSetOperator(cursor)}`;
    last = readTerm(cursor);
  }
  const single = body === "";
  const order = cursor.takeWord("ORDER") ? readOrderBy(cursor) : "";
  const limit = readLimit(cursor);
  readTrailer(cursor);
  const tail = order + limit;
  if (single && prefix === "" && tail === "") return first;
  body += termText(last);
  return { with: prefix, body, tail, plain: false };
}

function termText(term: QueryText): string {
  if (term.plain) return term.body;
  return `SELECT * FROM LATERAL (${term.with}${term.body}${term.tail}) AS \`g0\``;
}

function readSetOperator(cursor: Cursor): string {
  const operator = cursor.at()?.upper ?? "";
  cursor.position += 1;
  const all = cursor.takeWord("ALL");
  if (!all) cursor.takeWord("DISTINCT");
  return ` ${operator}${all && operator === "UNION" ? " ALL" : ""} `;
}

function readTerm(cursor: Cursor): QueryText {
  if (cursor.takeSign("(")) {
    const inner = cursor.nested(() => readQueryText(cursor));
    cursor.expectSign(")");
    return inner;
  }
  if (cursor.takeWord("TABLE")) {
    return { with: "", body: `SELECT * FROM ${readTableReferences(cursor)}`, tail: "", plain: true };
  }
  if (cursor.isWord("VALUES")) return cursor.unsupported("VALUES as a query");
  return { with: "", body: readSelect(cursor), tail: "", plain: true };
}

/** WITH [RECURSIVE] name [(columns)] AS (query), ... */
export function readWith(cursor: Cursor): string {
  cursor.expectWord("WITH");
  const recursive = cursor.takeWord("RECURSIVE");
  const tables: string[] = [];
  do {
    const name = cursor.takeName();
    if (cursor.isSign("(")) cursor.columnLists.set(name, readColumnList(cursor));
    cursor.expectWord("AS");
    tables.push(`\`n${name}\` AS ${readSubquery(cursor)}`);
  } while (cursor.takeSign(","));
  return `WITH ${recursive ? "RECURSIVE " : ""}${tables.join(", ")} `;
}

/** (a, b, ...): names only. */
export function readColumnList(cursor: Cursor): readonly string[] {
  cursor.expectSign("(");
  const names = [cursor.nameAt(cursor.takeName())];
  while (cursor.takeSign(",")) names.push(cursor.nameAt(cursor.takeName()));
  cursor.expectSign(")");
  return names;
}

export interface OrderText {
  readonly text: string;
  readonly descending: boolean;
}

/** The list after ORDER BY. */
export function readOrderItems(cursor: Cursor): readonly OrderText[] {
  const items: OrderText[] = [];
  do {
    const text = readExpression(cursor);
    const descending = cursor.takeWord("DESC");
    if (!descending) cursor.takeWord("ASC");
    items.push({ text, descending });
  } while (cursor.takeSign(","));
  return items;
}

export function readOrderBy(cursor: Cursor): string {
  cursor.expectWord("BY");
  const items = readOrderItems(cursor).map((item) => (item.descending ? `${item.text} DESC` : item.text));
  if (cursor.isWord("WITH") && cursor.isWord("ROLLUP", 1)) cursor.position += 2;
  return ` ORDER BY ${items.join(", ")}`;
}

/** LIMIT n, LIMIT offset, n and LIMIT n OFFSET offset; literals and parameters only. */
export function readLimit(cursor: Cursor): string {
  if (!cursor.takeWord("LIMIT")) return "";
  const first = literalText(cursor.takeLiteral());
  if (cursor.takeSign(",")) return ` LIMIT ${literalText(cursor.takeLiteral())} OFFSET ${first}`;
  if (cursor.takeWord("OFFSET")) return ` LIMIT ${first} OFFSET ${literalText(cursor.takeLiteral())}`;
  return ` LIMIT ${first}`;
}

/** INTO, FOR UPDATE and the like, in any order the servers take them. */
function readTrailer(cursor: Cursor): void {
  for (;;) {
    if (cursor.isWord("INTO")) readInto(cursor);
    else if (cursor.isWord("FOR") && (cursor.isWord("UPDATE", 1) || cursor.isWord("SHARE", 1))) {
      cursor.position += 2;
      cursor.locking = true;
      if (cursor.takeWord("OF"))
        do cursor.takeName();
        while (cursor.takeSign(","));
      readLockWait(cursor);
    } else if (
      cursor.isWord("LOCK") &&
      cursor.isWord("IN", 1) &&
      cursor.isWord("SHARE", 2) &&
      cursor.isWord("MODE", 3)
    ) {
      cursor.position += 4;
      cursor.locking = true;
      readLockWait(cursor);
    } else return;
  }
}

function readLockWait(cursor: Cursor): void {
  if (cursor.takeWord("NOWAIT")) return;
  if (cursor.isWord("SKIP") && cursor.isWord("LOCKED", 1)) cursor.position += 2;
  else if (cursor.takeWord("WAIT")) cursor.takeLiteral();
}
