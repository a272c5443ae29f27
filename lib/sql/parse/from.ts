import type { Cursor } from "./cursor";
import { literalText } from "./cursor";
import { readExpression } from "./expression";
import { isSubquery, readColumnList, readSubquery } from "./query";

const JOIN_STARTS = new Set(["JOIN", "INNER", "CROSS", "LEFT", "RIGHT", "NATURAL", "STRAIGHT_JOIN"]);

/** The list after FROM, UPDATE or DELETE .. USING. */
export function readTableReferences(cursor: Cursor): string {
  let text = readJoins(cursor, true);
  while (cursor.takeSign(",")) {
    if (cursor.isSign("(") && !isSubquery(cursor)) text += readListedGroup(cursor);
    else text += `, ${readJoins(cursor, false)}`;
  }
  return text;
}

/**
 * A parenthesised join after a comma can not be parsed as such, but is the same as an inner join without a condition.
 * Not so when it is joined further: that join's condition would see the tables before the comma.
 */
function readListedGroup(cursor: Cursor): string {
  const group = readFactor(cursor, false);
  if (cursor.isOneOf(JOIN_STARTS)) cursor.unsupported("JOIN after a parenthesised join after a comma");
  return ` INNER JOIN ${group} ON ${always(cursor)}`;
}

function always(cursor: Cursor): string {
  return cursor.call([], () => ({ kind: "constant", word: "TRUE" }));
}

function readJoins(cursor: Cursor, first: boolean): string {
  let text = readFactor(cursor, first);
  while (cursor.isOneOf(JOIN_STARTS)) {
    const natural = cursor.isWord("NATURAL") ? cursor.position : -1;
    const join = readJoinWords(cursor);
    const group = cursor.isSign("(") && !isSubquery(cursor);
    text += ` ${join} JOIN ${readFactor(cursor, false)}`;
    if (natural >= 0) text += ` USING (\`n${natural}\`)`;
    else if (cursor.takeWord("ON")) text += ` ON ${readExpression(cursor)}`;
    else if (cursor.takeWord("USING")) text += ` USING (${readUsing(cursor)})`;
    else if (join !== "INNER") cursor.unexpected("ON or USING");
    else if (group) text += ` ON ${always(cursor)}`;
  }
  return text;
}

function readJoinWords(cursor: Cursor): "INNER" | "LEFT" | "RIGHT" {
  if (cursor.takeWord("STRAIGHT_JOIN")) return "INNER";
  cursor.takeWord("NATURAL");
  const left = cursor.takeWord("LEFT");
  const right = !left && cursor.takeWord("RIGHT");
  if (left || right) cursor.takeWord("OUTER");
  else if (!cursor.takeWord("INNER")) cursor.takeWord("CROSS");
  cursor.expectWord("JOIN");
  return left ? "LEFT" : right ? "RIGHT" : "INNER";
}

function readUsing(cursor: Cursor): string {
  cursor.expectSign("(");
  const names = [`\`n${cursor.takeName()}\``];
  while (cursor.takeSign(",")) names.push(`\`n${cursor.takeName()}\``);
  cursor.expectSign(")");
  return names.join(", ");
}

/** A table, derived table or join in parentheses. `first`: nothing stands to its left, so parentheses change nothing. */
function readFactor(cursor: Cursor, first: boolean): string {
  if (cursor.isSign("(") && !isSubquery(cursor)) return readGroup(cursor, first);
  if (cursor.isSign("(")) return readDerived(cursor, false);
  if (cursor.isWord("LATERAL") && cursor.isSign("(", 1)) {
    cursor.position += 1;
    return readDerived(cursor, true);
  }
  if (cursor.isWord("JSON_TABLE") && cursor.isSign("(", 1)) return readJsonTable(cursor);
  return readTable(cursor);
}

function readGroup(cursor: Cursor, first: boolean): string {
  return cursor.nested(() => {
    cursor.expectSign("(");
    const inner = readGroupContent(cursor, first);
    cursor.expectSign(")");
    const compound = inner.includes(" JOIN ");
    return first || !compound ? inner : `(${inner})`;
  });
}

/** Inside parentheses a comma is written as the inner join it is; beside a join with a condition its scope would change. */
function readGroupContent(cursor: Cursor, first: boolean): string {
  const parts = [readJoins(cursor, first)];
  while (cursor.takeSign(",")) parts.push(readJoins(cursor, false));
  if (parts.length > 1 && parts.slice(1).some((part) => part.includes(" JOIN "))) {
    cursor.unsupported("a comma beside JOIN inside parentheses");
  }
  return parts.join(" INNER JOIN ");
}

function readAlias(cursor: Cursor): number | null {
  if (cursor.takeWord("AS")) return cursor.takeName();
  if (!cursor.isName() || (cursor.isWord("WINDOW") && cursor.isWord("AS", 2))) return null;
  return cursor.takeName();
}

function readDerived(cursor: Cursor, lateral: boolean): string {
  const query = readSubquery(cursor);
  const alias = readAlias(cursor);
  if (alias === null) return cursor.unexpected("an alias of the derived table");
  if (cursor.isSign("(")) cursor.columnLists.set(alias, readColumnList(cursor));
  if (lateral) cursor.laterals.add(alias);
  return `LATERAL ${query} AS \`n${alias}\``;
}

/** Words that may follow a table's name without being its alias; they choose an access path. Returns the indexes that are asked for. */
function readIndexHints(cursor: Cursor): readonly string[] {
  const forced: string[] = [];
  const starts = () =>
    (cursor.isWord("USE") || cursor.isWord("FORCE") || cursor.isWord("IGNORE")) &&
    (cursor.isWord("INDEX", 1) || cursor.isWord("KEY", 1));
  while (starts()) {
    const asks = !cursor.isWord("IGNORE");
    cursor.position += 2;
    if (cursor.takeWord("FOR")) {
      if (!cursor.takeWord("JOIN")) {
        if (!cursor.takeWord("ORDER")) cursor.expectWord("GROUP");
        cursor.expectWord("BY");
      }
    }
    cursor.expectSign("(");
    while (!cursor.isSign(")")) {
      const name = cursor.takeWord("PRIMARY") ? "PRIMARY" : cursor.nameAt(cursor.takeName());
      if (asks) forced.push(name);
      cursor.takeSign(",");
    }
    cursor.expectSign(")");
  }
  return forced;
}

function readTable(cursor: Cursor): string {
  const name = readObjectName(cursor);
  const last = cursor.position - 1;
  const partitions = cursor.takeWord("PARTITION");
  if (partitions) readColumnList(cursor);
  const alias = readAlias(cursor);
  const at = cursor.position;
  cursor.indexHints.set(alias ?? last, { at, forced: readIndexHints(cursor), partitions });
  return alias === null ? name : `${name} AS \`n${alias}\``;
}

/** name or schema.name */
export function readObjectName(cursor: Cursor): string {
  const first = cursor.takeName();
  if (!cursor.takeSign(".")) return `\`n${first}\``;
  const token = cursor.at();
  if (token?.kind !== "word" && token?.kind !== "quotedName") return cursor.unexpected("a table");
  cursor.position += 1;
  return `\`n${first}\`.\`n${cursor.position - 1}\``;
}

/** JSON_TABLE(document, path COLUMNS (...)) alias: only the document matters, every column is computed from it. */
function readJsonTable(cursor: Cursor): string {
  cursor.position += 2;
  const document = readExpression(cursor);
  cursor.expectSign(",");
  literalText(cursor.takeLiteral());
  const columns = readJsonColumns(cursor);
  cursor.expectSign(")");
  const alias = readAlias(cursor);
  if (alias === null) return cursor.unexpected("an alias of JSON_TABLE");
  cursor.jsonTables.set(alias, columns);
  return `LATERAL (SELECT ${document}) AS \`n${alias}\``;
}

function readJsonColumns(cursor: Cursor): readonly string[] {
  cursor.expectWord("COLUMNS");
  const closing = cursor.matching(cursor.position);
  cursor.expectSign("(");
  const columns: string[] = [];
  while (cursor.position < closing) {
    if (cursor.isWord("NESTED")) cursor.unsupported("NESTED PATH in JSON_TABLE");
    columns.push(cursor.nameAt(cursor.takeName()));
    while (cursor.position < closing && !cursor.isSign(",")) {
      cursor.position = cursor.isSign("(") ? cursor.matching(cursor.position) + 1 : cursor.position + 1;
    }
    cursor.takeSign(",");
  }
  cursor.position = closing;
  cursor.expectSign(")");
  return columns;
}
