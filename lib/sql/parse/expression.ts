import type { BinaryOperator, Expression } from "../model";
import { RESERVED_CALLS, readCall, readMatch } from "./call";
import { type Argument, type Cursor, expressionOf, expressionsOf, literalText, queryOf, valueRef } from "./cursor";
import { isSubquery, readSubquery } from "./query";
import { INTERVAL_UNITS } from "./words";

const ARITHMETIC = new Set(["+", "-", "*", "/", "%", "|", "&", "^", "<<", ">>", "->", "->>"]);
const COMPARISONS: ReadonlyMap<string, BinaryOperator> = new Map([
  ["=", "="],
  ["<=>", "<=>"],
  ["<", "compare"],
  [">", "compare"],
  ["<=", "compare"],
  [">=", "compare"],
  ["<>", "compare"],
  ["!=", "compare"],
]);
const QUANTIFIERS = new Set(["ANY", "SOME", "ALL"]);
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

function operation(cursor: Cursor, name: string, args: readonly string[]): string {
  return cursor.call(args, (built) => ({ kind: "operation", name, operands: expressionsOf(built) }));
}

function binary(cursor: Cursor, operator: BinaryOperator, args: readonly string[]): string {
  return cursor.call(args, (built) =>
    expressionsOf(built, 1).reduce<Expression>(
      (left, right) => ({ kind: "binary", operator, left, right }),
      expressionOf(built, 0),
    ),
  );
}

/** One expression, with the precedence of the MySQL manual, "Operator Precedence". Returns simplified text. */
export function readExpression(cursor: Cursor): string {
  return cursor.nested(() => {
    const parts = [readXor(cursor)];
    while (cursor.isWord("OR") || cursor.isSign("||")) {
      if (cursor.isSign("||") && cursor.pipesAsConcat) cursor.unsupported("|| as concatenation");
      cursor.position += 1;
      parts.push(readXor(cursor));
    }
    return parts.length === 1 ? (parts[0] ?? "") : binary(cursor, "OR", parts);
  });
}

function readXor(cursor: Cursor): string {
  const parts = [readAnd(cursor)];
  while (cursor.takeWord("XOR")) parts.push(readAnd(cursor));
  return parts.length === 1 ? (parts[0] ?? "") : binary(cursor, "XOR", parts);
}

function readAnd(cursor: Cursor): string {
  const parts = [readNot(cursor)];
  while (cursor.takeWord("AND") || cursor.takeSign("&&")) parts.push(readNot(cursor));
  return parts.length === 1 ? (parts[0] ?? "") : binary(cursor, "AND", parts);
}

function readNot(cursor: Cursor): string {
  let negated = false;
  while (cursor.takeWord("NOT")) negated = true;
  const operand = readComparison(cursor);
  return negated ? cursor.call([operand], (built) => ({ kind: "not", operand: expressionOf(built, 0) })) : operand;
}

function readComparison(cursor: Cursor): string {
  let left = readPredicate(cursor);
  for (;;) {
    if (cursor.takeWord("IS")) {
      const negated = cursor.takeWord("NOT");
      if (cursor.takeWord("NULL")) {
        left = cursor.call([left], (built) => ({ kind: "isNull", operand: expressionOf(built, 0) }));
      } else if (cursor.takeWord("TRUE") || cursor.takeWord("FALSE") || cursor.takeWord("UNKNOWN")) {
        left = operation(cursor, negated ? "IS NOT" : "IS", [left]);
      } else cursor.unexpected("NULL, TRUE, FALSE or UNKNOWN");
      continue;
    }
    const sign = cursor.at();
    const operator = sign?.kind === "operator" ? COMPARISONS.get(sign.text) : undefined;
    if (operator === undefined) return left;
    cursor.position += 1;
    if (cursor.isOneOf(QUANTIFIERS) && cursor.isSign("(", 1)) {
      cursor.position += 1;
      const query = readSubquery(cursor);
      left = cursor.call([left, query], (built) => ({
        kind: "quantified",
        operand: expressionOf(built, 0),
        query: queryOf(built, 1),
      }));
    } else left = binary(cursor, operator, [left, readPredicate(cursor)]);
  }
}

function readPredicate(cursor: Cursor): string {
  const left = readArithmetic(cursor);
  const negated = cursor.isWord("NOT");
  if (negated) cursor.position += 1;
  if (cursor.takeWord("IN")) return readIn(cursor, left, negated);
  if (cursor.takeWord("BETWEEN")) {
    const low = readArithmetic(cursor);
    cursor.expectWord("AND");
    return operation(cursor, "BETWEEN", [left, low, readPredicate(cursor)]);
  }
  if (cursor.takeWord("LIKE")) {
    const args = [left, readArithmetic(cursor)];
    if (cursor.takeWord("ESCAPE")) args.push(readArithmetic(cursor));
    return operation(cursor, "LIKE", args);
  }
  if (cursor.takeWord("REGEXP") || cursor.takeWord("RLIKE")) {
    return operation(cursor, "REGEXP", [left, readArithmetic(cursor)]);
  }
  if (negated) cursor.unexpected("IN, BETWEEN, LIKE or REGEXP");
  if (cursor.isWord("SOUNDS") && cursor.isWord("LIKE", 1)) {
    cursor.position += 2;
    return operation(cursor, "SOUNDS LIKE", [left, readArithmetic(cursor)]);
  }
  if (cursor.isWord("MEMBER") && (cursor.isWord("OF", 1) || cursor.isSign("(", 1))) {
    cursor.position += 1;
    cursor.takeWord("OF");
    cursor.expectSign("(");
    const list = readExpression(cursor);
    cursor.expectSign(")");
    return operation(cursor, "MEMBER OF", [left, list]);
  }
  return left;
}

/** Values in an IN list stay out of the simplified text: lists can be long, and the values are known already. */
function readIn(cursor: Cursor, left: string, negated: boolean): string {
  if (isSubquery(cursor)) {
    return cursor.call([left, readSubquery(cursor)], (built) => ({
      kind: "inQuery",
      operand: expressionOf(built, 0),
      query: queryOf(built, 1),
    }));
  }
  cursor.expectSign("(");
  const values: ReturnType<typeof valueRef>[] = [];
  const items: string[] = [];
  do {
    if (cursor.isLiteral() && (cursor.isSign(",", 1) || cursor.isSign(")", 1)))
      values.push(valueRef(cursor.takeLiteral()));
    else items.push(readExpression(cursor));
  } while (cursor.takeSign(","));
  cursor.expectSign(")");
  return cursor.call([left, ...items], (built) => ({
    kind: "in",
    negated,
    operand: expressionOf(built, 0),
    values,
    items: expressionsOf(built, 1),
  }));
}

function isArithmetic(cursor: Cursor): boolean {
  const token = cursor.at();
  if (token === undefined) return false;
  if (token.kind === "operator") return ARITHMETIC.has(token.text);
  return token.kind === "word" && (token.upper === "DIV" || token.upper === "MOD");
}

/** An expression without comparisons, AND and OR: what may stand before IN or BETWEEN. */
export function readArithmetic(cursor: Cursor): string {
  const parts = [readOperand(cursor)];
  while (isArithmetic(cursor)) {
    cursor.position += 1;
    parts.push(readOperand(cursor));
  }
  return parts.length === 1 ? (parts[0] ?? "") : operation(cursor, "arithmetic", parts);
}

function readOperand(cursor: Cursor): string {
  let signed = false;
  for (;;) {
    if (cursor.isSign("-") || cursor.isSign("+") || cursor.isSign("~") || cursor.isSign("!")) cursor.position += 1;
    else if (!cursor.takeWord("BINARY")) break;
    signed = true;
  }
  const literal = cursor.isLiteral();
  const operand = readPrimary(cursor);
  let collated = false;
  while (cursor.takeWord("COLLATE")) {
    if (cursor.isLiteral()) cursor.takeLiteral();
    else if (!cursor.takeWord("BINARY")) cursor.takeName();
    collated = true;
  }
  return signed || (collated && !literal) ? operation(cursor, "value", [operand]) : operand;
}

function readPrimary(cursor: Cursor): string {
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
