import type { FunctionCall, ObjectName, WindowUse } from "../model";
import { type Argument, type Cursor, expressionOf, expressionsOf } from "./cursor";
import { readArithmetic, readExpression } from "./expression";
import { readOrderItems } from "./query";
import { readOver, type WindowParts } from "./window";
import { INTERVAL_UNITS } from "./words";

/** Reserved words that are functions when a parenthesis follows. */
export const RESERVED_CALLS: ReadonlySet<string> = new Set([
  "IF",
  "LEFT",
  "RIGHT",
  "REPLACE",
  "INSERT",
  "MOD",
  "CHAR",
  "CONVERT",
  "DATABASE",
  "SCHEMA",
  "VALUES",
  "DEFAULT",
  "INTERVAL",
  "REPEAT",
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
  "ROW_NUMBER",
  "RANK",
  "DENSE_RANK",
  "PERCENT_RANK",
  "CUME_DIST",
  "NTILE",
  "LAG",
  "LEAD",
  "FIRST_VALUE",
  "LAST_VALUE",
  "NTH_VALUE",
  "GROUPING",
]);

/** Built in only when the parenthesis follows at once (MySQL manual, "Function Name Parsing and Resolution"). */
const ADJACENT = new Set(
  (
    "ADDDATE BIT_AND BIT_OR BIT_XOR CAST COUNT CURDATE CURTIME DATE_ADD DATE_SUB EXTRACT GROUP_CONCAT JSON_ARRAYAGG " +
    "JSON_OBJECTAGG MAX MID MIN NOW POSITION SESSION_USER STD STDDEV STDDEV_POP STDDEV_SAMP SUBDATE SUBSTR SUBSTRING SUM " +
    "SYSDATE SYSTEM_USER TRIM VARIANCE VAR_POP VAR_SAMP ST_COLLECT"
  ).split(" "),
);

const CAST_TYPES = new Set(
  (
    "BINARY CHAR CHARACTER VARCHAR NCHAR DATE DATETIME TIME TIMESTAMP YEAR DECIMAL DEC DOUBLE FLOAT REAL INT INTEGER BIGINT JSON " +
    "SIGNED UNSIGNED SET CHARSET ASCII UNICODE UTF8MB4 UTF8MB3 UTF8 LATIN1 PRECISION NUMERIC INET4 INET6 UUID"
  ).split(" "),
);

interface CallParts {
  readonly distinct: boolean;
  readonly star: boolean;
  readonly args: readonly string[];
  readonly orderBy: readonly string[];
}

/** The call whose name is at `nameIndex`; the cursor stands on the name. `schemaIndex` is the qualifying name, or null. */
export function readCall(cursor: Cursor, schemaIndex: number | null, nameIndex: number): string {
  cursor.position = nameIndex + 1;
  const name: ObjectName = {
    schema: schemaIndex === null ? null : cursor.nameAt(schemaIndex),
    name: cursor.nameAt(nameIndex),
  };
  const written = cursor.tokens[nameIndex];
  const upper = written?.kind === "word" && schemaIndex === null ? written.upper : "";
  const foreign = upper === "" || (ADJACENT.has(upper) && cursor.at()?.glued === false);
  cursor.expectSign("(");
  const parts = cursor.nested(() => readArguments(cursor, foreign ? "" : upper));
  cursor.expectSign(")");
  if (upper === "VALUES" || (upper === "VALUE" && !foreign)) return insertedValue(cursor, parts);
  const over = readOver(cursor);
  return cursor.call(
    [...parts.args, ...parts.orderBy, ...(over === null ? [] : [...over.partitionBy, ...over.orderBy, ...over.frame])],
    (built) => buildCall(built, name, foreign, parts, over),
  );
}

function buildCall(
  built: readonly Argument[],
  name: ObjectName,
  foreign: boolean,
  parts: CallParts,
  over: WindowParts | null,
): FunctionCall {
  let from = 0;
  const next = (count: number) => {
    from += count;
    return expressionsOf(built, from - count, from);
  };
  const args = next(parts.args.length);
  const orderBy = next(parts.orderBy.length);
  const window: WindowUse | null =
    over === null
      ? null
      : {
          partitionBy: next(over.partitionBy.length),
          orderBy: next(over.orderBy.length),
          frame: next(over.frame.length),
        };
  return { kind: "call", name, foreign, distinct: parts.distinct, star: parts.star, args, orderBy, over: window };
}

function insertedValue(cursor: Cursor, parts: CallParts): string {
  return cursor.call(parts.args, (built) => {
    const column = expressionOf(built, 0);
    if (built.length !== 1 || column.kind !== "column") return cursor.unsupported("VALUES() of something but a column");
    return { kind: "insertedValue", column: column.column };
  });
}

function plain(args: readonly string[]): CallParts {
  return { distinct: false, star: false, args, orderBy: [] };
}

/** Between the parentheses. The special forms are those of the MySQL manual, "Built-In Function and Operator Reference". */
function readArguments(cursor: Cursor, upper: string): CallParts {
  switch (upper) {
    case "CAST": {
      const value = readExpression(cursor);
      cursor.expectWord("AS");
      skipType(cursor);
      return plain([value]);
    }
    case "CONVERT": {
      const value = readExpression(cursor);
      if (cursor.takeWord("USING")) skipCharset(cursor);
      else {
        cursor.expectSign(",");
        skipType(cursor);
      }
      return plain([value]);
    }
    case "TRIM":
      return readTrim(cursor);
    case "EXTRACT":
      takeUnit(cursor);
      cursor.expectWord("FROM");
      return plain([readExpression(cursor)]);
    case "TIMESTAMPADD":
    case "TIMESTAMPDIFF":
      if (cursor.at()?.kind === "word" && cursor.at()?.upper.startsWith("SQL_TSI_")) cursor.position += 1;
      else takeUnit(cursor);
      cursor.expectSign(",");
      return plain(readList(cursor));
    case "POSITION": {
      const needle = readArithmetic(cursor);
      cursor.expectWord("IN");
      return plain([needle, readExpression(cursor)]);
    }
    case "GET_FORMAT":
      if (!cursor.takeWord("DATE") && !cursor.takeWord("TIME") && !cursor.takeWord("DATETIME")) {
        cursor.expectWord("TIMESTAMP");
      }
      cursor.expectSign(",");
      return plain(readList(cursor));
    default:
      return readGeneral(cursor, upper);
  }
}

function readTrim(cursor: Cursor): CallParts {
  const direction = cursor.takeWord("BOTH") || cursor.takeWord("LEADING") || cursor.takeWord("TRAILING");
  if (direction && cursor.takeWord("FROM")) return plain([readExpression(cursor)]);
  const args = [readExpression(cursor)];
  if (cursor.takeWord("FROM")) args.push(readExpression(cursor));
  return plain(args);
}

function readGeneral(cursor: Cursor, upper: string): CallParts {
  if (cursor.isSign(")")) return plain([]);
  if (cursor.isSign("*") && upper === "COUNT") {
    cursor.position += 1;
    return { ...plain([]), star: true };
  }
  const distinct = upper !== "" && cursor.takeWord("DISTINCT");
  if (!distinct && upper !== "") cursor.takeWord("ALL");
  const args = [readExpression(cursor)];
  if (cursor.takeSign(",")) args.push(...readList(cursor));
  if (upper === "SUBSTRING" || upper === "SUBSTR" || upper === "MID") {
    if (cursor.takeWord("FROM")) args.push(readExpression(cursor));
    if (cursor.takeWord("FOR")) args.push(readExpression(cursor));
  }
  if (upper === "CHAR" && cursor.takeWord("USING")) skipCharset(cursor);
  if (upper === "WEIGHT_STRING" && cursor.takeWord("AS")) skipType(cursor);
  const orderBy = upper !== "" && cursor.takeWord("ORDER") ? readOrder(cursor) : [];
  if (upper === "GROUP_CONCAT" && cursor.takeWord("SEPARATOR")) cursor.takeLiteral();
  return { distinct, star: false, args, orderBy };
}

function readOrder(cursor: Cursor): readonly string[] {
  cursor.expectWord("BY");
  return readOrderItems(cursor).map((item) => item.text);
}

/** expression, ... */
export function readList(cursor: Cursor): readonly string[] {
  const items = [readExpression(cursor)];
  while (cursor.takeSign(",")) items.push(readExpression(cursor));
  return items;
}

function takeUnit(cursor: Cursor): void {
  if (!cursor.isOneOf(INTERVAL_UNITS)) cursor.unexpected("a unit of time");
  cursor.position += 1;
}

function skipCharset(cursor: Cursor): void {
  if (cursor.isLiteral()) cursor.takeLiteral();
  else if (!cursor.takeWord("BINARY")) cursor.takeName();
}

/** A CAST type: words of the list, a length, a character set. */
function skipType(cursor: Cursor): void {
  if (!cursor.isOneOf(CAST_TYPES)) cursor.unexpected("a type");
  for (;;) {
    if (cursor.isWord("CHARACTER") && cursor.isWord("SET", 1)) {
      cursor.position += 2;
      skipCharset(cursor);
    } else if (cursor.takeWord("CHARSET")) skipCharset(cursor);
    else if (cursor.takeWord("COLLATE")) skipCharset(cursor);
    else if (cursor.isOneOf(CAST_TYPES)) cursor.position += 1;
    else if (cursor.takeSign("(")) {
      cursor.takeLiteral();
      if (cursor.takeSign(",")) cursor.takeLiteral();
      cursor.expectSign(")");
    } else return;
  }
}
