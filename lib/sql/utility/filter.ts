import type { TokenReader } from "./token-reader";

/** `word = 'literal'` conditions of a SHOW filter, as far as callers look at them. */
export interface ShowFilter {
  /** Values of conditions that hold for every row, by lower-case word. */
  readonly equal: ReadonlyMap<string, string>;
}

const NO_FILTER: ShowFilter = { equal: new Map() };

/** The end, LIKE 'pattern', or WHERE with plain comparisons of a word with literals. Null when there is anything else. */
export function showFilter(reader: TokenReader): ShowFilter | null {
  if (reader.done) return NO_FILTER;
  if (reader.words("LIKE")) return reader.literal("string") !== null && reader.done ? NO_FILTER : null;
  if (!reader.words("WHERE")) return null;
  const equal = new Map<string, string>();
  let either = false;
  do {
    if (!condition(reader, equal)) return null;
    const joined = reader.oneOf("AND", "OR");
    if (joined === null) return reader.done ? { equal: either ? new Map() : equal } : null;
    either ||= joined === "OR";
  } while (!reader.done);
  return null;
}

/** Columns of SHOW whose values can be hidden: which rows a filter by them lets through would tell. */
const HIDDEN: ReadonlySet<string> = new Set(["default", "cardinality"]);

function condition(reader: TokenReader, equal: Map<string, string>): boolean {
  const word = reader.name();
  if (word === null || HIDDEN.has(word.toLowerCase())) return false;
  if (reader.sign("=")) {
    const value = reader.literal("string");
    if (value !== null) equal.set(word.toLowerCase(), value.value);
    return value !== null || reader.literal("number") !== null;
  }
  if (reader.sign("<>") || reader.sign("!=")) return reader.literal("string") !== null;
  reader.words("NOT");
  if (reader.words("LIKE")) return reader.literal("string") !== null;
  return reader.words("IN") && list(reader);
}

function list(reader: TokenReader): boolean {
  if (!reader.sign("(")) return false;
  do {
    if (reader.literal("string") === null && reader.literal("number") === null) return false;
  } while (reader.sign(","));
  return reader.sign(")");
}
