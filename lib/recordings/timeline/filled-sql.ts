import type { ReplayValue } from "../replay-model";

/** A piece of a statement as it is shown: its own text, or a bound value in the place of its mark. */
export interface SqlPiece {
  readonly text: string;
  /** Number of the parameter, from 1; null for the statement's own text. */
  readonly parameter: number | null;
}

/** What stands between marks: strings, quoted names and comments may hold question marks of their own. */
const NO_MARK = /--[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?|`[^`]*`?|\?/g;

/** A statement with its parameters in their places, for reading: nothing is ever run from this text. */
export function fillParameters(sql: string, values: readonly ReplayValue[]): SqlPiece[] {
  const pieces: SqlPiece[] = [];
  let from = 0;
  let used = 0;
  for (const { 0: found, index } of sql.matchAll(NO_MARK)) {
    const value = values[used];
    if (found !== "?" || value === undefined) continue;
    used += 1;
    if (index > from) pieces.push({ text: sql.slice(from, index), parameter: null });
    pieces.push({ text: literalOf(value), parameter: used });
    from = index + 1;
  }
  if (from < sql.length) pieces.push({ text: sql.slice(from), parameter: null });
  return pieces;
}

/** A value as a literal: NULL, a number as it is, text in quotes, bytes as hex. */
export function literalOf(value: ReplayValue): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return `0x${value.hex}`;
  if (/^-?\d+(?:\.\d+)?$/.test(value)) return value;
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
