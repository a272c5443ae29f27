import { type Catalogue, foldColumn } from "@/lib/sql/catalogue";
import type { MaskScope } from "./decide";
import type { MaskSet } from "./mask-set";
import { type Taint, taintOf } from "./taint";

/** The masks of one identity over one catalogue; null when there is no mask at all, so that nothing has to be asked. */
export function maskScope(masks: MaskSet, catalogue: Catalogue): MaskScope | null {
  if (masks.isEmpty) return null;
  // Both look at every column there is, and most statements never ask.
  let taint: Taint | null = null;
  let defaults: boolean | null = null;
  const routines = new Set(catalogue.snapshot.routines.map((one) => one.name.toLowerCase()));
  return {
    masks,
    catalogue,
    taint: {
      routine: (schema, name) => {
        if (!routines.has(name.toLowerCase())) return null;
        taint ??= taintOf(catalogue, masks);
        return taint.routine(schema, name);
      },
    },
    get hidesDefaults() {
      defaults ??= hidesSomeDefault(masks, catalogue);
      return defaults;
    },
  };
}

function hidesSomeDefault(masks: MaskSet, catalogue: Catalogue): boolean {
  return catalogue.snapshot.tables.some(({ schema, name: table, columns }) =>
    columns.some(({ name: column, hasDefault }) => hasDefault && masks.maskOf({ schema, table, column }) !== null),
  );
}

/** Whether metadata about a table would show the default of a masked column. */
export function hasHiddenDefault(masks: MaskSet, catalogue: Catalogue, schema: string, table: string): boolean {
  const columns = catalogue.table(schema, table)?.columns ?? [];
  return columns.some(({ column, base }) => column.hasDefault && masks.maskOf(base) !== null);
}

/** Result columns of SHOW and DESCRIBE that hold defaults, by folded name. */
const DEFAULTS: ReadonlySet<string> = new Set(["default", "create table"]);

/** Which result columns of SHOW and DESCRIBE tell of a table's masked columns; null: none. */
export function hidesNamed(
  masks: MaskSet,
  catalogue: Catalogue,
  schema: string,
  table: string,
): ((name: string) => boolean) | null {
  const columns = catalogue.table(schema, table)?.columns ?? [];
  if (!columns.some(({ base }) => masks.maskOf(base) !== null)) return null;
  const defaults = hasHiddenDefault(masks, catalogue, schema, table);
  // How many different values an index holds.
  return (name) => (defaults && DEFAULTS.has(foldColumn(name))) || foldColumn(name) === "cardinality";
}
