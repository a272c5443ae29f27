import { quoteTable } from "@/lib/connections/restricted/names";
import { understand } from "@/lib/policy/understand";
import { type Attack, plainly } from "../attack";
import { contextOf } from "../foresee";
import type { Target } from "../targets";
import type { AttackedWorld } from "../world";

/** Every view that masked columns flow into, read whole. */
export function viewAttacks(world: AttackedWorld, targets: readonly Target[]): readonly Attack[] {
  const hidden = targets.flatMap((target) => target.columns.filter((one) => one.exempt.length === 0));
  if (hidden.length === 0) return [];
  return world.catalogue.snapshot.tables
    .filter((table) => table.kind === "view" && table.schema.toLowerCase() !== "information_schema")
    .flatMap((view): Attack[] => {
      const sql = `SELECT * FROM ${quoteTable(view)} LIMIT 5`;
      const understood = understand(Buffer.from(sql, "utf8"), contextOf(world));
      if (!understood.ok) return [];
      const columns = hidden
        .map((one) => one.base)
        .filter(({ schema, table, column }) =>
          understood.analysis?.columns.some(
            (one) => one.schema === schema && one.table === table && one.column === column,
          ),
        );
      if (columns.length === 0) return [];
      const name = `${view.schema}.${view.name}`;
      return [
        {
          id: `values.view ${name}`,
          family: "values",
          tries: `Get masked values through the view ${name}`,
          statements: [sql],
          bound: null,
          about: name,
          expects: { kind: "hides", columns, disguise: plainly },
        },
      ];
    });
}
