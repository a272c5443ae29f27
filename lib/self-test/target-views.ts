import { quoteTable } from "@/lib/connections/restricted/names";
import { understand } from "@/lib/policy/understand";
import type { BaseColumn, OutputColumn } from "@/lib/sql/analysis";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import { columnText } from "./attack";
import { contextOf } from "./foresee";
import type { Target } from "./targets";
import type { AttackedWorld } from "./world";

/** A column of a view; `shows`: the masked one whose value it is, or what else. */
export interface TargetViewColumn {
  readonly name: string;
  readonly dataType: string;
  readonly shows: BaseColumn | "open" | "computed";
}

/** A view that masked columns flow into, and how attacks read it. */
export interface TargetView {
  readonly view: CatalogueTable;
  readonly sql: string;
  /** Masked columns behind it. */
  readonly hidden: readonly BaseColumn[];
  readonly columns: readonly TargetViewColumn[];
}

/** Rows that an attack asks for. */
export const VIEW_ROWS = 5;

/** Every view that columns flow into which are hidden from the identity. */
export function targetViews(world: AttackedWorld, targets: readonly Target[]): readonly TargetView[] {
  const hidden = targets.flatMap((target) =>
    target.columns.filter((one) => one.exempt.length === 0).map((one) => one.base),
  );
  if (hidden.length === 0) return [];
  return world.catalogue.snapshot.tables
    .filter((table) => table.kind === "view" && table.schema.toLowerCase() !== "information_schema")
    .flatMap((view): TargetView[] => {
      const sql = `SELECT * FROM ${quoteTable(view)} LIMIT ${VIEW_ROWS}`;
      const understood = understand(Buffer.from(sql, "utf8"), contextOf(world));
      const analysis = understood.ok ? understood.analysis : null;
      if (analysis === null) return [];
      const used = new Set(analysis.columns.map(columnText));
      const behind = hidden.filter((one) => used.has(columnText(one)));
      if (behind.length === 0) return [];
      const names = new Set(behind.map(columnText));
      const columns = view.columns.map(({ name, dataType }, at) => ({
        name,
        dataType,
        shows: shownBy(analysis.outputs?.[at], names),
      }));
      return [{ view, sql, hidden: behind, columns }];
    });
}

function shownBy(output: OutputColumn | undefined, hidden: ReadonlySet<string>): TargetViewColumn["shows"] {
  if (output === undefined) return "computed";
  const [column] = output.columns;
  if (!output.columns.some((one) => hidden.has(columnText(one)))) return "open";
  return output.flow === "direct" && output.columns.length === 1 && column !== undefined ? column : "computed";
}
