import type { BaseColumn } from "@/lib/sql/analysis";
import { columnText, type Hides } from "./attack";

/** A real value of a masked column, in memory only, and what its mask shows of it; null: nothing. */
export interface Control {
  readonly value: string;
  readonly shown: string | null;
}

/** What stands in the rows that attacks on a table or view read. Never stored, never logged. */
export interface Reading {
  /** By `schema.table.column`, of those that could be read. Empty: no row has a value, or the account may not see any. */
  readonly values: ReadonlyMap<string, readonly Control[]>;
  /** Values of the columns without a mask. */
  readonly open: ReadonlySet<string>;
}

/** By the `schema.name` of the table or view. */
export type Controls = ReadonlyMap<string, Reading>;

/** What came back, as text. */
export interface Heard {
  readonly cells: readonly string[];
  /** Errors, warnings and the names of columns. */
  readonly messages: readonly string[];
}

/** Shorter ones stand in answers by accident: they count only where they are the whole cell, a word of it, or quoted. */
const TELLING = 5;
const WORDS = /[^\p{L}\p{N}.@+-]+/u;
const PROSE = /\p{L}{2,} +\p{L}{2,} +\p{L}{2,}/u;

/** The first column of which a value stands in one of the texts although its mask does not show that; null: none does. */
export function leakedColumn(heard: Heard, hides: Hides, reading: Reading): BaseColumn | null {
  const shown = new Set([...reading.values.values()].flat().map((control) => control.shown));
  const mixed = hides.answers === "mixed";
  const cells = heard.cells.filter((cell) => !shown.has(cell) && !(mixed && reading.open.has(cell)));
  const told = { cells, messages: heard.messages };
  return (
    hides.columns.find((column) =>
      (reading.values.get(columnText(column)) ?? []).some((control) => tells(told, control, hides)),
    ) ?? null
  );
}

function tells({ cells, messages }: Heard, { value, shown }: Control, { disguise, answers }: Hides): boolean {
  // Where the mask shows the value as it is, as a bucket does with its lower bound, it tells nothing.
  if (shown === value) return false;
  return disguise(value).some((needle) => {
    if (needle === "" || shown?.includes(needle) === true) return false;
    const texts = [...cells, ...messages];
    if (texts.some((text) => tellsPart(text, needle, shown))) return true;
    if (needle.length >= TELLING) return texts.some((text) => text.includes(needle));
    if (answers === "described") return false;
    return cells.some((cell) => isWordOf(cell, needle)) || messages.some((text) => isQuotedIn(text, needle));
  });
}

/** In sentences any short word may stand: there the server quotes what is a value. */
function isWordOf(cell: string, needle: string): boolean {
  return PROSE.test(cell) ? isQuotedIn(cell, needle) : cell === needle || cell.split(WORDS).includes(needle);
}

const isQuotedIn = (text: string, needle: string) => text.includes(`'${needle}'`) || text.includes(`"${needle}"`);

/** Half of a value at either end, and more than its mask leaves there. */
function tellsPart(text: string, needle: string, shown: string | null): boolean {
  const least = Math.max(TELLING, Math.ceil(needle.length / 2));
  if (text.length > needle.length * 2 || text === shown) return false;
  const visible = (length: (a: string, b: string) => number) =>
    length(text, needle) >= least && length(text, needle) > (shown === null ? 0 : length(shown, needle));
  return visible(sameStart) || visible(sameEnd);
}

function sameStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  return at;
}

function sameEnd(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a[a.length - 1 - at] === b[b.length - 1 - at]) at += 1;
  return at;
}
