import { valueLiteral } from "@/lib/policy/value-literal";
import type { StatementReplay } from "../replay-model";

/** A bound value, and the type that its client bound it as. */
export type BoundParameter = NonNullable<StatementReplay["parameters"]>[number];

/** A piece of a statement as it is shown: its own text, or a bound value in the place of its mark. */
export interface SqlPiece {
  readonly text: string;
  /** Number of the parameter, from 1; null for the statement's own text. */
  readonly parameter: number | null;
}

/** What stands between marks: strings, quoted names and comments may hold question marks of their own. No comment begins in `a--?`. */
const NO_MARK =
  /--(?=\s|$)[^\n]*|#[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^'\\]|\\.|'')*'?|"(?:[^"\\]|\\.|"")*"?|`[^`]*`?|\?/g;

/** A statement with its parameters in their places, for reading: nothing is ever run from this text. */
export function fillParameters(sql: string, values: readonly BoundParameter[]): SqlPiece[] {
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

const NUMBERS = /^(?:number|(?:tiny|small|medium|big)?int|float|double|decimal|year)(?: unsigned)?$/;

/** A bound value as a literal: digits bound as text stay text, which a server compares in another way than a number. */
export function literalOf({ type, value }: BoundParameter): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return `0x${value.hex}`;
  return valueLiteral({ kind: NUMBERS.test(type) ? "number" : "string", text: value });
}
