import { type Catalogue, foldColumn } from "@/lib/sql/catalogue";
import type { MaskScope } from "./decide";
import type { MaskSet } from "./mask-set";
import { type Taint, taintOf } from "./taint";

/** The masks of one identity over one catalogue; null when there is no mask at all, so that nothing has to be asked. */
export function maskScope(masks: MaskSet, catalogue: Catalogue): MaskScope | null {
  if (masks.isEmpty) return null;
  let taint: Taint | null = null;
  return {
    masks,
    catalogue,
    taint: {
      routine: (schema, name) => {
        taint ??= taintOf(catalogue, masks);
        return taint.routine(schema, name);
      },
    },
    hidesDefaults: catalogue.snapshot.tables.some((table) =>
      hasHiddenDefault(masks, catalogue, table.schema, table.name),
    ),
  };
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
