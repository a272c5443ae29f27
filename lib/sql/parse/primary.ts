import type { Expression } from "../model";
import { RESERVED_CALLS, readCall } from "./call";
import { type Argument, type Cursor, expressionOf, expressionsOf, literalText, queryOf } from "./cursor";
import { operation, readExpression } from "./expression";
import { isSubquery, readSubquery } from "./query";
import { readMatch } from "./window";
import { INTERVAL_UNITS } from "./words";

const TEMPORAL = new Set(["DATE", "TIME", "TIMESTAMP"]);

const NILADIC = new Set([
  "CURRENT_USER",
  "CURRENT_ROLE",
  "CURRENT_DATE",
  "CURRENT_TIME",
  "CURRENT_TIMESTAMP",
  "LOCALTIME",
  "LOCALTIMESTAMP",
  "UTC_DATE",
  "UTC_TIME",
  "UTC_TIMESTAMP",
]);

export function readPrimary(cursor: Cursor): string {
  const token = cursor.at();
  if (token === undefined) return cursor.unexpected("an expression");
  if (token.literal >= 0) return literalText(cursor.takeLiteral());
  if (token.kind === "userVariable" || token.kind === "systemVariable") return readVariable(cursor);
  if (cursor.isSign("(")) return readParenthesised(cursor);
  if (token.kind === "word") {
    const keyword = readKeyword(cursor, token.upper);
    if (keyword !== null) return keyword;
  }
  return readNameOrCall(cursor);
}

function readVariable(cursor: Cursor): string {
  const token = cursor.at();
  if (token === undefined) return cursor.unexpected("a variable");
  cursor.position += 1;
  if (cursor.isSign(":=")) cursor.unsupported("assigning a variable inside a statement");
  if (token.kind === "userVariable") {
    return cursor.call([], () => ({ kind: "userVariable", name: token.text }));
  }
  const name = token.text.toLowerCase().replace(/^(session|global|local|persist|persist_only)\./u, "");
  return cursor.call([], () => ({ kind: "systemVariable", name }));
}

function readParenthesised(cursor: Cursor): string {
  if (isSubquery(cursor)) {
    return cursor.call([readSubquery(cursor)], (built) => ({ kind: "scalar", query: queryOf(built, 0) }));
  }
  cursor.expectSign("(");
  const items = [readExpression(cursor)];
  while (cursor.takeSign(",")) items.push(readExpression(cursor));
  cursor.expectSign(")");
  return items.length === 1 ? (items[0] ?? "") : readRow(cursor, items);
}

function readRow(cursor: Cursor, items: readonly string[]): string {
  return cursor.call(items, (built) => ({ kind: "row", items: expressionsOf(built) }));
}

/** What begins with a keyword and is not an ordinary call; null when the word has no such meaning here. */
function readKeyword(cursor: Cursor, upper: string): string | null {
  if (upper === "NULL" || upper === "TRUE" || upper === "FALSE") {
    cursor.position += 1;
    return cursor.call([], () => ({ kind: "constant", word: upper }));
  }
  if (upper === "DEFAULT" && !cursor.isSign("(", 1)) {
    cursor.position += 1;
    return cursor.call([], () => ({ kind: "constant", word: upper }));
  }
  if (upper === "CASE") return cursor.nested(() => readCase(cursor));
  if (upper === "EXISTS" && cursor.isSign("(", 1)) {
    cursor.position += 1;
    return cursor.call([readSubquery(cursor)], (built) => ({ kind: "exists", query: queryOf(built, 0) }));
  }
  if (upper === "ROW" && cursor.isSign("(", 1)) {
    cursor.position += 2;
    const items = [readExpression(cursor)];
    while (cursor.takeSign(",")) items.push(readExpression(cursor));
    cursor.expectSign(")");
    return readRow(cursor, items);
  }
  if (upper === "INTERVAL") return readInterval(cursor);
  if (upper === "MATCH") return readMatch(cursor);
  if (TEMPORAL.has(upper) && cursor.at(1)?.kind === "string") {
    cursor.position += 1;
    return literalText(cursor.takeLiteral());
  }
  if (NILADIC.has(upper) && !cursor.isSign("(", 1)) {
    cursor.position += 1;
    return cursor.call([], () => ({
      kind: "call",
      name: { schema: null, name: upper },
      foreign: false,
      distinct: false,
      star: false,
      args: [],
      orderBy: [],
      over: null,
    }));
  }
  if ((upper === "NEXT" || upper === "PREVIOUS") && cursor.isWord("VALUE", 1) && cursor.isWord("FOR", 2)) {
    cursor.unsupported(`${upper} VALUE FOR a sequence`);
  }
  return null;
}

function readCase(cursor: Cursor): string {
  cursor.expectWord("CASE");
  const args: string[] = [];
  const hasOperand = !cursor.isWord("WHEN");
  if (hasOperand) args.push(readExpression(cursor));
  let branches = 0;
  while (cursor.takeWord("WHEN")) {
    args.push(readExpression(cursor));
    cursor.expectWord("THEN");
    args.push(readExpression(cursor));
    branches += 1;
  }
  if (branches === 0) cursor.unexpected("WHEN");
  const hasElse = cursor.takeWord("ELSE");
  if (hasElse) args.push(readExpression(cursor));
  cursor.expectWord("END");
  return cursor.call(args, (built) => buildCase(built, hasOperand, branches, hasElse));
}

function buildCase(built: readonly Argument[], hasOperand: boolean, count: number, hasElse: boolean): Expression {
  const first = hasOperand ? 1 : 0;
  const branches = Array.from({ length: count }, (_, index) => ({
    when: expressionOf(built, first + 2 * index),
    result: expressionOf(built, first + 2 * index + 1),
  }));
  return {
    kind: "case",
    operand: hasOperand ? expressionOf(built, 0) : null,
    branches,
    otherwise: hasElse ? expressionOf(built, built.length - 1) : null,
  };
}

/** INTERVAL expression unit, or the function INTERVAL(n, n1, ...). */
function readInterval(cursor: Cursor): string {
  const unitAfter = cursor.tokens[cursor.matching(cursor.position + 1) + 1];
  if (cursor.isSign("(", 1) && !(unitAfter?.kind === "word" && INTERVAL_UNITS.has(unitAfter.upper))) {
    return readCall(cursor, null, cursor.position);
  }
  cursor.position += 1;
  const value = readExpression(cursor);
  if (!cursor.isOneOf(INTERVAL_UNITS)) cursor.unexpected("a unit of INTERVAL");
  cursor.position += 1;
  return operation(cursor, "INTERVAL", [value]);
}

/** Column, function or stored function; up to two qualifying names. */
function readNameOrCall(cursor: Cursor): string {
  const token = cursor.at();
  const reservedCall = token?.kind === "word" && token.reserved && RESERVED_CALLS.has(token.upper);
  if (reservedCall && cursor.isSign("(", 1)) return readCall(cursor, null, cursor.position);
  const parts = [cursor.takeName()];
  if (cursor.isSign("(")) {
    cursor.position -= 1;
    return readCall(cursor, null, cursor.position);
  }
  while (parts.length < 3 && cursor.isSign(".") && !cursor.isSign("*", 1)) {
    cursor.position += 1;
    parts.push(takeNameAfterDot(cursor));
    if (parts.length === 2 && cursor.isSign("(")) {
      cursor.position -= 1;
      return readCall(cursor, parts[0] ?? null, cursor.position);
    }
  }
  return parts.map((part) => `\`n${part}\``).join(".");
}

function takeNameAfterDot(cursor: Cursor): number {
  const token = cursor.at();
  if (token?.kind !== "word" && token?.kind !== "quotedName") return cursor.unexpected("a name");
  cursor.position += 1;
  return cursor.position - 1;
}
