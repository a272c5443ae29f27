import type { BaseColumn } from "@/lib/sql/analysis";
import { columnText, type Disguise } from "./attack";

/** A real value of a masked column, in memory only, and what its mask shows of it; null: nothing. */
export interface Control {
  readonly value: string;
  readonly shown: string | null;
}

/** By `schema.table.column`. Never stored, never logged. */
export type Controls = ReadonlyMap<string, readonly Control[]>;

/** Shorter ones stand in answers by accident: they count only where they are the whole cell or a word of it. */
const TELLING = 5;
const WORDS = /[^\p{L}\p{N}.@+-]+/u;

/** The first column of which a value stands in one of the texts although its mask does not show that; null: none does. */
export function leakedColumn(
  texts: readonly string[],
  columns: readonly BaseColumn[],
  disguise: Disguise,
  controls: Controls,
): BaseColumn | null {
  return (
    columns.find((column) =>
      (controls.get(columnText(column)) ?? []).some((control) => texts.some((text) => tells(text, control, disguise))),
    ) ?? null
  );
}

function tells(text: string, { value, shown }: Control, disguise: Disguise): boolean {
  return disguise(value).some((needle) => {
    if (needle === "" || (shown !== null && shown !== value && shown.includes(needle))) return false;
    // Where the mask shows the value as it is, as a bucket does with its lower bound, it tells nothing.
    if (shown === value) return false;
    const found =
      needle.length >= TELLING ? text.includes(needle) : text === needle || text.split(WORDS).includes(needle);
    return found || tellsPart(text, needle, shown);
  });
}

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
