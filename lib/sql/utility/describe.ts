import type { TokenReader } from "./token-reader";
import type { Utility } from "./utility";

/** DESCRIBE, DESC or EXPLAIN of a table, with an optional column or pattern. */
export function readDescribe(reader: TokenReader, defaultSchema: string | null): Utility {
  reader.at = 1;
  const table = reader.qualifiedName();
  const column = reader.done || reader.name() !== null || reader.literal("string") !== null;
  if (table === null || !column || !reader.done) {
    return { kind: "refused", class: "describe", message: "DESCRIBE takes a table and at most one column" };
  }
  const schema = table.schema ?? defaultSchema;
  if (schema === null) {
    const message = "no schema is selected: write schema.table, or select one with USE";
    return { kind: "refused", class: "describe", message };
  }
  return { kind: "metadata", class: "describe", objects: [{ schema, table: table.name }] };
}

const EXPLAINED = ["SELECT", "WITH", "TABLE", "VALUES", "INSERT", "REPLACE", "UPDATE", "DELETE"];

/** EXPLAIN [EXTENDED | PARTITIONS | FORMAT = ..] of a statement; nothing that runs it, and nothing about other connections. */
export function readExplain(reader: TokenReader): Utility {
  reader.at = 1;
  if (reader.oneOf("EXTENDED", "PARTITIONS") === null && reader.words("FORMAT")) {
    const known = reader.sign("=") && reader.oneOf("TRADITIONAL", "JSON", "TREE") !== null;
    if (!known) return refused("EXPLAIN FORMAT must be TRADITIONAL, JSON or TREE");
  }
  const start = reader.peek();
  const statement = start?.kind === "word" && EXPLAINED.includes(start.upper);
  const parenthesised = start?.kind === "punctuation" && start.text === "(";
  if (!statement && !parenthesised) return refused("only EXPLAIN of a plain statement is known to be safe");
  return { kind: "explain", class: "explain", from: reader.at };
}

function refused(message: string): Utility {
  return { kind: "refused", class: "explain", message };
}
