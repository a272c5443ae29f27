import type { BinaryOperator, Expression } from "../model";
import { type Cursor, expressionOf, expressionsOf, queryOf, valueRef } from "./cursor";
import { readPrimary } from "./primary";
import { isSubquery, readSubquery } from "./query";

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

/** A value computed from the arguments. */
export function operation(cursor: Cursor, name: string, args: readonly string[]): string {
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
