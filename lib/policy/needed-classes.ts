import type { Analysis } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";

/**
 * The classes that a rule must name to cover a statement: its own, and those of what it does beside. As on the server, ON DUPLICATE KEY
 * UPDATE needs update as well as insert (MySQL manual, "INSERT ... ON DUPLICATE KEY UPDATE"), and a write that reads needs select.
 */
export function neededClasses(
  statementClass: StatementClass,
  analysis: Pick<Analysis, "tables" | "flags">,
): readonly StatementClass[] {
  const updates = analysis.flags.has("on_duplicate_key");
  const reads = analysis.tables.some((one) => one.access === "read") || analysis.flags.has("returning");
  return [
    statementClass,
    ...(updates ? (["update"] as const) : []),
    ...(reads && statementClass !== "select" ? (["select"] as const) : []),
  ];
}

/** REPLACE deletes and inserts (MySQL manual, "REPLACE Statement"). Who allows it by its own name means both. */
const ACTS_AS: Readonly<Partial<Record<StatementClass, readonly StatementClass[]>>> = { replace: ["insert", "delete"] };

/** The classes by which statements of one are named: a rule that names any of these touches them, which is all that a deny needs. */
export function actsAs(statementClass: StatementClass): readonly StatementClass[] {
  return [statementClass, ...(ACTS_AS[statementClass] ?? [])];
}
