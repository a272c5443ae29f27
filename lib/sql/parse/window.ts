import { readList } from "./call";
import { type Cursor, expressionOf, expressionsOf, literalText } from "./cursor";
import { readExpression } from "./expression";
import { readOrderItems } from "./query";

export interface WindowParts {
  readonly partitionBy: readonly string[];
  readonly orderBy: readonly string[];
  readonly frame: readonly string[];
}

/** OVER after a call: inline or by name. */
export function readOver(cursor: Cursor): WindowParts | null {
  if ((cursor.isWord("RESPECT") || cursor.isWord("IGNORE")) && cursor.isWord("NULLS", 1)) cursor.position += 2;
  if (!cursor.takeWord("OVER")) return null;
  if (cursor.isSign("(")) return readWindow(cursor);
  return windowByName(cursor, cursor.nameAt(cursor.takeName()));
}

function windowByName(cursor: Cursor, name: string): WindowParts {
  const start = cursor.windows.get(name.toLowerCase());
  if (start === undefined) return cursor.refuse("SYNTAX", `the window "${name}" is not defined`);
  const back = cursor.position;
  cursor.position = start;
  const window = cursor.nested(() => readWindow(cursor));
  cursor.position = back;
  return window;
}

/** ( [name] [PARTITION BY ..] [ORDER BY ..] [frame] ) */
export function readWindow(cursor: Cursor): WindowParts {
  cursor.expectSign("(");
  const named = cursor.isName() && !cursor.isWord("PARTITION") && !cursor.isWord("GROUPS");
  const base = named ? windowByName(cursor, cursor.nameAt(cursor.takeName())) : null;
  const partitionBy = [...(base?.partitionBy ?? [])];
  if (cursor.takeWord("PARTITION")) {
    cursor.expectWord("BY");
    partitionBy.push(...readList(cursor));
  }
  const orderBy = [...(base?.orderBy ?? [])];
  if (cursor.takeWord("ORDER")) orderBy.push(...readWindowOrder(cursor));
  const frame = [...(base?.frame ?? []), ...readFrame(cursor)];
  cursor.expectSign(")");
  return { partitionBy, orderBy, frame };
}

function readFrame(cursor: Cursor): readonly string[] {
  if (!cursor.takeWord("ROWS") && !cursor.takeWord("RANGE")) return [];
  if (!cursor.takeWord("BETWEEN")) return readBound(cursor);
  const low = readBound(cursor);
  cursor.expectWord("AND");
  return [...low, ...readBound(cursor)];
}

function readBound(cursor: Cursor): readonly string[] {
  if (cursor.takeWord("CURRENT")) {
    cursor.expectWord("ROW");
    return [];
  }
  const bound = cursor.takeWord("UNBOUNDED") ? [] : [readExpression(cursor)];
  if (!cursor.takeWord("PRECEDING")) cursor.expectWord("FOLLOWING");
  return bound;
}

/** MATCH (a, b) AGAINST (text [modifier]); MySQL also takes the columns without parentheses. */
export function readMatch(cursor: Cursor): string {
  cursor.expectWord("MATCH");
  cursor.expectSign("(");
  const columns = readList(cursor);
  cursor.expectSign(")");
  cursor.expectWord("AGAINST");
  cursor.expectSign("(");
  const against = readAgainst(cursor);
  cursor.expectSign(")");
  return cursor.call([...columns, against], (built) => ({
    kind: "match",
    columns: expressionsOf(built, 0, columns.length),
    against: expressionOf(built, columns.length),
  }));
}

/** The searched text: a value, so that IN of the modifier is not taken for the operator. */
function readAgainst(cursor: Cursor): string {
  const closing = cursor.matching(cursor.position - 1);
  if (!cursor.isLiteral()) cursor.unsupported("AGAINST with anything but a literal or a parameter");
  const text = literalText(cursor.takeLiteral());
  for (const words of MATCH_MODIFIERS) {
    if (words.every((word, index) => cursor.isWord(word, index)) && cursor.position + words.length === closing) {
      cursor.position += words.length;
    }
  }
  return text;
}

const MATCH_MODIFIERS = [
  ["IN", "BOOLEAN", "MODE"],
  ["IN", "NATURAL", "LANGUAGE", "MODE", "WITH", "QUERY", "EXPANSION"],
  ["IN", "NATURAL", "LANGUAGE", "MODE"],
  ["WITH", "QUERY", "EXPANSION"],
] as const;

function readWindowOrder(cursor: Cursor): readonly string[] {
  cursor.expectWord("BY");
  return readOrderItems(cursor).map((item) => item.text);
}
