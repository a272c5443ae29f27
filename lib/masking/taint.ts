import type { Catalogue, CatalogueRoutine } from "@/lib/sql/catalogue";
import type { MaskSet } from "./mask-set";

/** Which routines of a catalogue may read masked columns. */
export interface Taint {
  /** Null when it is no routine of the catalogue, or one that can not read any masked column. */
  readonly routine: (schema: string | null, name: string) => CatalogueRoutine | null;
}

const WORD = /`(?:[^`]|``)+`|[\p{L}_$][\p{L}\p{N}_$]*/gu;
/** Text that is made at run time can name anything. */
const DYNAMIC = ["prepare", "execute"];

/** The names that a text of the catalogue could mean, folded; in doubt too many. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = text.match(WORD) ?? [];
  return new Set(
    words.map((word) => (word.startsWith("`") ? word.slice(1, -1).replaceAll("``", "`") : word).toLowerCase()),
  );
}

/**
 * By the words of their texts, to a fixed point: a view or routine that names a table with masked columns, or a view or routine that does.
 * A text that may not be seen is taken to name one. In doubt too many, never too few.
 */
export function taintOf(catalogue: Catalogue, masks: MaskSet): Taint {
  const { tables, routines } = catalogue.snapshot;
  const tainted = new Set<string>(DYNAMIC);
  for (const { schema, name, columns } of tables) {
    if (columns.some((column) => masks.maskOf({ schema, table: name, column: column.name }) !== null)) {
      tainted.add(name.toLowerCase());
    }
  }
  const views = tables.filter((table) => table.kind === "view");
  const texts = [
    ...views.map(({ name, definition }) => ({ name, text: definition })),
    ...routines.map(({ name, body }) => ({ name, text: body })),
  ].map(({ name, text }) => ({ name: name.toLowerCase(), words: text === null ? null : wordsOf(text) }));
  for (let before = -1; before !== tainted.size; ) {
    before = tainted.size;
    for (const { name, words } of texts) {
      if (words === null || [...words].some((word) => tainted.has(word))) tainted.add(name);
    }
  }
  return {
    routine: (schema, name) => {
      const folded = name.toLowerCase();
      if (!tainted.has(folded)) return null;
      return (
        routines.find((one) => one.name.toLowerCase() === folded && (schema === null || one.schema === schema)) ?? null
      );
    },
  };
}
