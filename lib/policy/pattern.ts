import type { BaseColumn, BaseTable } from "@/lib/sql/analysis";

/**
 * Name patterns of rules: `schema.table` and `schema.table.column`, each part a name or with `*` for any run of characters.
 * Schemas and tables compare as the catalogue spells them (case matters), columns without case, as on the server.
 */
export interface TablePattern {
  readonly text: string;
  matches(table: BaseTable): boolean;
  /** Whether some table of the schema can match. */
  matchesSchema(schema: string): boolean;
}

export interface ColumnPattern {
  readonly text: string;
  /** Written with a leading `!`: what it matches is taken out again. */
  readonly negated: boolean;
  /** The pattern of its table part. */
  readonly table: TablePattern;
  matches(column: BaseColumn): boolean;
}

type PartTest = (name: string) => boolean;

function partTest(part: string, ignoreCase: boolean): PartTest {
  if (part === "*") return () => true;
  const wanted = ignoreCase ? part.toLowerCase() : part;
  if (!part.includes("*")) return (name) => (ignoreCase ? name.toLowerCase() : name) === wanted;
  const pieces = wanted.split("*");
  const first = pieces[0] ?? "";
  const last = pieces.at(-1) ?? "";
  const middle = pieces.slice(1, -1);
  return (name) => {
    const text = ignoreCase ? name.toLowerCase() : name;
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let from = first.length;
    const end = text.length - last.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}

/** Splits at dots outside back quotes; a back-quoted part may hold a dot. Null when a part is empty or a quote stays open. */
export function splitPattern(text: string): string[] | null {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const char of text) {
    if (char === "`") quoted = !quoted;
    else if (char === "." && !quoted) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  parts.push(part);
  return quoted || parts.includes("") ? null : parts;
}

/** The pattern that means exactly one column; null where it can not be named: a name holds `*` or a back quote. */
export function exactColumnPattern({ schema, table, column }: BaseColumn): string | null {
  const parts = [schema, table, column];
  if (schema.startsWith("!") || parts.some((part) => part === "" || /[*`]/.test(part))) return null;
  return parts.map((part) => (part.includes(".") ? `\`${part}\`` : part)).join(".");
}

/** The pattern that means exactly one table; null where it can not be named. */
export function exactTablePattern({ schema, table }: BaseTable): string | null {
  const parts = [schema, table];
  if (schema.startsWith("!") || parts.some((part) => part === "" || /[*`]/.test(part))) return null;
  return parts.map((part) => (part.includes(".") ? `\`${part}\`` : part)).join(".");
}

/** Compiles `schema.table`; null when the text is not such a pattern. */
export function tablePattern(text: string): TablePattern | null {
  const parts = splitPattern(text);
  if (parts?.length !== 2) return null;
  const [schema = "", table = ""] = parts;
  const schemaTest = partTest(schema, false);
  const tableTest = partTest(table, false);
  return {
    text,
    matches: (one) => schemaTest(one.schema) && tableTest(one.table),
    matchesSchema: schemaTest,
  };
}

/** Compiles `schema.table.column` or `!schema.table.column`; null when the text is not such a pattern. */
export function columnPattern(text: string): ColumnPattern | null {
  const negated = text.startsWith("!");
  const parts = splitPattern(negated ? text.slice(1) : text);
  if (parts?.length !== 3) return null;
  const [schema = "", table = "", column = ""] = parts;
  const owner = tablePattern(`\`${schema}\`.\`${table}\``);
  if (owner === null) return null;
  const columnTest = partTest(column, true);
  return { text, negated, table: owner, matches: (one) => columnTest(one.column) && owner.matches(one) };
}
