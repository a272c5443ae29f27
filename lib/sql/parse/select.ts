import type { Cursor } from "./cursor";
import { expressionOf } from "./cursor";
import { readExpression } from "./expression";
import { readTableReferences } from "./from";
import { isOpen, SET_OPERATORS } from "./query";

const SELECT_OPTIONS = new Set([
  "ALL",
  "DISTINCT",
  "DISTINCTROW",
  "HIGH_PRIORITY",
  "STRAIGHT_JOIN",
  "SQL_SMALL_RESULT",
  "SQL_BIG_RESULT",
  "SQL_BUFFER_RESULT",
  "SQL_CACHE",
  "SQL_NO_CACHE",
  "SQL_CALC_FOUND_ROWS",
]);

export function readSelect(cursor: Cursor): string {
  cursor.expectWord("SELECT");
  const outerWindows = cursor.windows;
  cursor.windows = findWindows(cursor);
  let distinct = false;
  while (cursor.isOneOf(SELECT_OPTIONS)) {
    const upper = cursor.at()?.upper ?? "";
    if (upper === "DISTINCT" || upper === "DISTINCTROW") distinct = true;
    if (upper === "SQL_CALC_FOUND_ROWS") cursor.calcFoundRows = true;
    cursor.position += 1;
  }
  const items = readItems(cursor);
  readInto(cursor);
  let text = `SELECT ${distinct ? "DISTINCT " : ""}${items}`;
  if (cursor.takeWord("FROM")) {
    const dual = cursor.takeWord("DUAL");
    if (!dual) text += ` FROM ${readTableReferences(cursor)}`;
  }
  if (cursor.takeWord("WHERE")) text += ` WHERE ${readExpression(cursor)}`;
  if (cursor.takeWord("GROUP")) text += ` GROUP BY ${readGroupBy(cursor)}`;
  if (cursor.takeWord("HAVING")) text += ` HAVING ${readExpression(cursor)}`;
  skipWindows(cursor);
  cursor.windows = outerWindows;
  return text;
}

/** Select items, in SELECT and in RETURNING. */
export function readItems(cursor: Cursor): string {
  const items = [readItem(cursor)];
  while (cursor.takeSign(",")) items.push(readItem(cursor));
  return items.join(", ");
}

function readItem(cursor: Cursor): string {
  if (cursor.takeSign("*")) return "*";
  const dots =
    cursor.isSign(".", 1) && cursor.isSign("*", 2)
      ? 1
      : cursor.isSign(".", 1) && cursor.isSign(".", 3) && cursor.isSign("*", 4)
        ? 2
        : 0;
  if (dots > 0 && cursor.isName()) {
    const first = cursor.position;
    cursor.position += dots === 1 ? 3 : 5;
    return dots === 1 ? `\`n${first}\`.*` : `\`n${first}\`.\`n${first + 2}\`.*`;
  }
  const parenthesised = cursor.isSign("(");
  const expression = unnamed(cursor, readExpression(cursor), parenthesised);
  const explicit = cursor.takeWord("AS");
  const token = cursor.at();
  if (token?.kind === "string") return `${expression} AS \`s${cursor.takeLiteral().index}\``;
  if (explicit || (cursor.isName() && !isIntoOrWindow(cursor))) return `${expression} AS \`n${cursor.takeName()}\``;
  return expression;
}

/** `(c)` is the column c, but the server does not call it c: the call hides the name and stands for the column. */
function unnamed(cursor: Cursor, expression: string, parenthesised: boolean): string {
  if (!parenthesised || !expression.startsWith("`")) return expression;
  return cursor.call([expression], (built) => expressionOf(built, 0));
}

function isIntoOrWindow(cursor: Cursor): boolean {
  return cursor.isWord("WINDOW") && cursor.isWord("AS", 2);
}

function readGroupBy(cursor: Cursor): string {
  cursor.expectWord("BY");
  const items: string[] = [];
  do {
    items.push(readExpression(cursor));
    if (!cursor.takeWord("ASC")) cursor.takeWord("DESC");
  } while (cursor.takeSign(","));
  if (cursor.takeWord("WITH")) cursor.expectWord("ROLLUP");
  return items.join(", ");
}

/** Where the WINDOW clause of this SELECT defines its windows: they are read where they are used. */
function findWindows(cursor: Cursor): ReadonlyMap<string, number> {
  const windows = new Map<string, number>();
  for (let index = cursor.position; index < cursor.tokens.length; index += 1) {
    const token = cursor.tokens[index];
    if (token?.kind === "punctuation" && token.text === "(") index = cursor.matching(index);
    else if (token?.kind === "punctuation" && token.text === ")") break;
    else if (token?.kind === "word" && SET_OPERATORS.has(token.upper) && token.reserved) break;
    else if (token?.kind === "word" && token.upper === "WINDOW") {
      for (let name = index + 1; isWindowDefinition(cursor, name); name = cursor.matching(name + 2) + 2) {
        windows.set(cursor.nameAt(name).toLowerCase(), name + 2);
      }
    }
  }
  return windows;
}

function isWindowDefinition(cursor: Cursor, index: number): boolean {
  const as = cursor.tokens[index + 1];
  return as?.kind === "word" && as.upper === "AS" && isOpen(cursor, index + 2);
}

function skipWindows(cursor: Cursor): void {
  if (!cursor.isWord("WINDOW")) return;
  cursor.position += 1;
  do {
    if (!isWindowDefinition(cursor, cursor.position)) cursor.unexpected("a window definition");
    cursor.position = cursor.matching(cursor.position + 2) + 1;
  } while (cursor.takeSign(","));
}

export function readInto(cursor: Cursor): void {
  if (!cursor.takeWord("INTO")) return;
  if (cursor.takeWord("OUTFILE") || cursor.takeWord("DUMPFILE")) {
    cursor.takeLiteral();
    cursor.into = "file";
    return;
  }
  do {
    if (cursor.at()?.kind !== "userVariable") cursor.unexpected("a variable");
    cursor.position += 1;
  } while (cursor.takeSign(","));
  cursor.into = "variable";
}
