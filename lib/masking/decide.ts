import type { Subject } from "@/lib/policy/subject";
import type { Analysis, BaseColumn } from "@/lib/sql/analysis";
import type { Catalogue } from "@/lib/sql/catalogue";
import type { ValueRef } from "@/lib/sql/model";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { ColumnMask } from "./cell";
import { decideOutputs, type HiddenOutput } from "./decide-outputs";
import { forbiddenUse } from "./decide-uses";
import { forbiddenWrite, type WrittenValue, writtenValues } from "./decide-writes";
import { type IndexChoice, indexChoices } from "./implicit-order";
import type { Mask } from "./mask";
import type { MaskSet } from "./mask-set";
import type { MaskRefusal } from "./refusal";
import type { Taint } from "./taint";

/** What masks are decided with: those in force for one identity, and the tables they are about. */
export interface MaskScope {
  readonly masks: MaskSet;
  readonly catalogue: Catalogue;
  readonly taint: Taint;
  /** Whether a masked column has a default that metadata would show. */
  readonly hidesDefaults: boolean;
}

/** What masks make of one template. Pure; looks at no value of the statement. */
export type MaskDecision = MaskPass | { readonly ok: false; readonly refusal: MaskRefusal };

export interface MaskPass {
  readonly ok: true;
  /** One entry for each result column; null when the statement has none, or lineage knows none. */
  readonly outputs: readonly (ColumnMask | null)[] | null;
  readonly hidden: readonly HiddenOutput[];
  /** Masked columns that are seen or used in clear, with the groups that exempt the identity. */
  readonly exempt: readonly { readonly column: BaseColumn; readonly groups: readonly string[] }[];
  /** It reads or writes a masked column itself. */
  readonly names: boolean;
  /** It touches a masked column: what the server says of it could quote a value. */
  readonly touches: boolean;
  /** Values that must not look like what a mask shows, as they are written into a masked column. */
  readonly written: readonly WrittenValue[];
  /** Values that are compared with a column of method token: tokens among them are put back into what they stand for. */
  readonly tokens: readonly ValueRef[];
  /** How tables must be read so that the order of rows does not tell a masked column, and those where that can not be said. */
  readonly order: IndexChoice;
}

/** Kinds of statements of which only the class is known, and which could copy or print masked columns. */
const UNSEEN: ReadonlySet<StatementClass> = new Set<StatementClass>([
  "alter_view",
  "create_routine",
  "alter_routine",
  "create_trigger",
  "create_event",
  "alter_event",
  "table_maintenance",
  "binlog",
  "replication",
  "clone",
  "backup",
  "tablespace",
]);

const NOTHING: MaskPass = {
  ok: true,
  outputs: null,
  hidden: [],
  exempt: [],
  names: false,
  touches: false,
  written: [],
  tokens: [],
  order: { avoid: [], open: [] },
};

/** The mask in force for a column; `information_schema` is about names and never masked, but for defaults of masked columns. */
export function maskFor(scope: Pick<MaskScope, "masks" | "hidesDefaults">, column: BaseColumn): Mask | null {
  if (column.schema.toLowerCase() !== "information_schema") return scope.masks.maskOf(column);
  const name = `${column.table}.${column.column}`.toLowerCase();
  if (name === "statistics.cardinality") return HIDDEN_CARDINALITY;
  return name === "columns.column_default" && scope.hidesDefaults ? HIDDEN_DEFAULT : null;
}

const HIDDEN_DEFAULT: Mask = {
  column: "information_schema.COLUMNS.COLUMN_DEFAULT",
  method: "redact",
  options: {},
  predicates: "deny",
  derived: "deny",
  exempt: [],
};

/** How many different values a column has. */
const HIDDEN_CARDINALITY: Mask = {
  ...HIDDEN_DEFAULT,
  column: "information_schema.STATISTICS.CARDINALITY",
  method: "null",
};

/** Decides on a statement that the rules let pass. `analysis` is that of the subject, where it has one. */
export function decideMasks(subject: Subject, analysis: Analysis | null, scope: MaskScope): MaskDecision {
  if (subject.kind === "opaque" && UNSEEN.has(subject.class)) {
    return { ok: false, refusal: { kind: "opaque", class: subject.class } };
  }
  if (subject.kind === "metadata" && subject.counters === true) return { ok: false, refusal: { kind: "counters" } };
  if (analysis === null) return NOTHING;
  const mask = (column: BaseColumn) => maskFor(scope, column);
  const refusal =
    forbiddenRoutine(analysis, scope.taint) ??
    (subject.kind === "explain" ? forbiddenExplain(analysis, mask) : null) ??
    forbiddenUse(analysis, mask) ??
    forbiddenPartition(analysis, mask, scope.catalogue) ??
    forbiddenWrite(analysis, mask, scope.catalogue);
  if (refusal !== null) return { ok: false, refusal };
  const outputs = decideOutputs(analysis, mask);
  if ("kind" in outputs) return { ok: false, refusal: outputs };
  const names = namesMasked(analysis, mask);
  const order = subject.kind === "explain" ? { avoid: [], open: [] } : indexChoices(analysis, mask, scope.catalogue);
  if ("kind" in order) return { ok: false, refusal: order };
  return {
    ok: true,
    ...outputs,
    exempt: exemptions(analysis, scope.masks),
    names,
    touches: names || writesBeside(analysis, mask, scope.catalogue),
    written: writtenValues(analysis, mask),
    tokens: tokenValues(analysis, mask),
    order,
  };
}

function forbiddenRoutine(analysis: Analysis, taint: Taint): MaskRefusal | null {
  for (const { schema, name } of analysis.functions) {
    const routine = taint.routine(schema, name);
    if (routine !== null) return { kind: "routine", name: `${routine.schema}.${routine.name}` };
  }
  return null;
}

/** What a table is partitioned by is not known: it could be any of its masked columns. */
function forbiddenPartition(
  analysis: Analysis,
  mask: (column: BaseColumn) => Mask | null,
  catalogue: Catalogue,
): MaskRefusal | null {
  if (!analysis.flags.has("partition_selection")) return null;
  const columns = analysis.tables.flatMap(({ schema, table }) => catalogue.table(schema, table)?.columns ?? []);
  const found = columns.find(({ base }) => mask(base) !== null && mask(base)?.predicates !== "any");
  return found === undefined ? null : { kind: "partition", column: found.base };
}

/** EXPLAIN folds constants and prints them, also as warnings. */
function forbiddenExplain(analysis: Analysis, mask: (column: BaseColumn) => Mask | null): MaskRefusal | null {
  const column = analysis.columns.find((one) => mask(one) !== null);
  return column === undefined ? null : { kind: "explain", column };
}

function exemptions(analysis: Analysis, masks: MaskSet): MaskPass["exempt"] {
  const found = new Map<string, MaskPass["exempt"][number]>();
  for (const { schema, table, column } of analysis.columns) {
    const exemption = masks.exemption({ schema, table, column });
    if (exemption !== null) {
      found.set(`${schema}\0${table}\0${column}`, { column: { schema, table, column }, groups: exemption.groups });
    }
  }
  return [...found.values()];
}

function namesMasked(analysis: Analysis, mask: (column: BaseColumn) => Mask | null): boolean {
  return (
    analysis.columns.some((column) => mask(column) !== null) ||
    analysis.uses.some((use) => mask(use.column) !== null) ||
    (analysis.outputs ?? []).some((output) => output.columns.some((column) => mask(column) !== null))
  );
}

/** Writes to a table that has a masked column: keys, checks and triggers there quote values too. */
function writesBeside(analysis: Analysis, mask: (column: BaseColumn) => Mask | null, catalogue: Catalogue): boolean {
  return analysis.tables.some(
    ({ access, schema, table }) =>
      access !== "read" && catalogue.table(schema, table)?.columns.some(({ base }) => mask(base) !== null) === true,
  );
}

function tokenValues(analysis: Analysis, mask: (column: BaseColumn) => Mask | null): readonly ValueRef[] {
  return analysis.values.flatMap(({ value, role }) =>
    role.role === "equality" && mask(role.base)?.method === "token" ? [value] : [],
  );
}
