import { quoteName, quoteTable } from "@/lib/connections/restricted/names";
import type { Mask } from "@/lib/masking/mask";
import { compileMasks } from "@/lib/masking/mask-set";
import type { CompiledRule } from "@/lib/policy/compile";
import type { BaseColumn } from "@/lib/sql/analysis";
import type { CatalogueTable } from "@/lib/sql/catalogue";
import { columnText } from "./attack";
import { foresee } from "./foresee";
import type { AttackedWorld } from "./world";

/** Rows that an attack asks for. */
const ROWS = 5;

/** A column with a mask, in a table that attacks read it from. */
export interface TargetColumn {
  readonly base: BaseColumn;
  readonly name: string;
  readonly dataType: string;
  readonly columnType: string;
  readonly mask: Mask;
  /** Groups of the identity that the mask exempts; empty: it is hidden from it. */
  readonly exempt: readonly string[];
}

/** A table with masked columns, and how it is read so that rules let it pass where any does. */
export interface Target {
  readonly table: CatalogueTable;
  /** Quoted, with its schema. */
  readonly from: string;
  /** WHERE, ORDER BY and LIMIT that fit the rules: the same few rows each time, where the table has a key. */
  readonly tail: string;
  /** The condition of `tail`, or one that is always true. */
  readonly where: string;
  readonly limit: string;
  /** `tail` for the first of the rows only. */
  readonly first: string;
  /** Quoted name of a column that is not masked. */
  readonly open: string | null;
  /** Some rule lets its first masked column be read like this. */
  readonly readable: boolean;
  readonly columns: readonly TargetColumn[];
}

/** A value of a column that rules want pinned, as SQL: the attack is to fail for its own sake, not for want of a pin. */
export type PinValues = ReadonlyMap<string, string>;

/** All tables with masked columns, in the catalogue's order; views are attacked through what they show. */
export function targetsOf(world: AttackedWorld, pins: PinValues): readonly Target[] {
  const set = compileMasks(world.masks, world.identity.groups);
  return world.catalogue.snapshot.tables
    .filter((table) => table.kind === "table" && table.schema.toLowerCase() !== "information_schema")
    .flatMap((table) => {
      const columns = table.columns.flatMap(({ name, dataType, columnType }): TargetColumn[] => {
        const base = { schema: table.schema, table: table.name, column: name };
        const mask = set.configured(base);
        if (mask === null) return [];
        return [{ base, name: quoteName(name), dataType, columnType, mask, exempt: set.exemption(base)?.groups ?? [] }];
      });
      return columns.length === 0 ? [] : [targetOf(table, columns, world, pins)];
    });
}

function targetOf(
  table: CatalogueTable,
  columns: readonly TargetColumn[],
  world: AttackedWorld,
  pins: PinValues,
): Target {
  const from = quoteTable(table);
  const masked = new Set(columns.map((one) => one.base.column));
  const key = table.primaryKey.length > 0 && !table.primaryKey.some((name) => masked.has(name)) ? table.primaryKey : [];
  const order = key.length === 0 ? "" : ` ORDER BY ${key.map(quoteName).join(", ")}`;
  const limits = [...new Set([ROWS, ...world.set.rules.flatMap((rule) => rule.maxLimit ?? [])])].filter(
    (limit) => limit > 0 && limit <= ROWS,
  );
  const [first] = columns;
  const conditions = ["1 = 1", ...world.set.rules.flatMap((rule) => pinned(rule, table, pins) ?? [])];
  for (const where of conditions) {
    for (const limit of limits) {
      for (const sorted of order === "" ? [""] : [order, ""]) {
        const tail = ` WHERE ${where}${sorted} LIMIT ${limit}`;
        const seen = foresee(`SELECT ${first?.name ?? "1"} FROM ${from}${tail}`, null, world);
        if (seen.kind === "decided" && seen.outcome.kind === "passes")
          return target(where, tail, ` LIMIT ${limit}`, true);
      }
    }
  }
  return target("1 = 1", `${order} LIMIT ${ROWS}`, ` LIMIT ${ROWS}`, false);

  function target(where: string, tail: string, limit: string, readable: boolean): Target {
    const open = key[0] ?? table.columns.find(({ name }) => !masked.has(name))?.name;
    const first = `${tail.slice(0, -limit.length)} LIMIT 1`;
    const name = open === undefined ? null : quoteName(open);
    return { table, from, tail, where, limit, first, open: name, readable, columns };
  }
}

/** The condition that pins all that a rule wants pinned of a table; null when it wants nothing there. */
function pinned(rule: CompiledRule, table: CatalogueTable, pins: PinValues): string | null {
  const parts = table.columns.flatMap(({ name }) => {
    const column = { schema: table.schema, table: table.name, column: name };
    if (!rule.where.some((pattern) => pattern.matches(column))) return [];
    return [`${quoteName(name)} = ${pins.get(columnText(column)) ?? "1"}`];
  });
  return parts.length === 0 ? null : parts.join(" AND ");
}
