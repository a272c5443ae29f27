import type { Analysis, BaseColumn, Pin, TableOccurrence } from "@/lib/sql/analysis";
import { type Catalogue, foldColumn } from "@/lib/sql/catalogue";
import type { ValueRef } from "@/lib/sql/model";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { tableKey } from "../compile";
import { columnName } from "../lack";
import type { Subject } from "../subject";
import type { StatementContext, Understood } from "../understand";
import { understandTemplate } from "../understand-template";
import type { SlotMeaning } from "./learned-domain";

/** What masks make of a template for an identity. */
export interface FormMasking {
  /** Why it is never answered; null: it is. */
  readonly refusal: string | null;
  /** Masked columns that it touches, `schema.table.column`. */
  readonly columns: readonly string[];
  /** They are hidden in the result, and used as their masks expressly let them be; nothing of them is seen in clear or written. */
  readonly onlyHidden: boolean;
}

/** As the model of rules has it. */
const MOST_IN_TEMPLATE = { characters: 65_536, values: 1000 } as const;

export const NO_MASKING: FormMasking = { refusal: null, columns: [], onlyHidden: true };

export type RuledSubject = Extract<Subject, { readonly kind: "analysed" | "opaque" }>;

/** A column that equals a known value wherever its table is used. */
export interface PinnedColumn {
  readonly name: string;
  readonly column: BaseColumn;
  /** To one value, not to one of several as IN does. */
  readonly single: boolean;
  /** Placeholders that must be bound as text for the pin to hold, by position. */
  readonly textSlots: readonly number[];
}

/** One understood template, as learning looks at it. Forms of one `key` differ in how their values are written, and are one rule. */
export interface LearnedForm {
  readonly templateHash: string;
  /** With `?` for values. */
  readonly text: string;
  readonly key: string;
  readonly subject: RuledSubject;
  readonly class: StatementClass;
  /** Null where only the class is known. */
  readonly analysis: Analysis | null;
  /** Index into the statement's literals, for each `?`. */
  readonly literals: readonly number[];
  readonly slots: readonly SlotMeaning[];
  /** What the statement itself names, each once. */
  readonly tables: readonly TableOccurrence[];
  readonly columns: readonly BaseColumn[];
  readonly pins: readonly PinnedColumn[];
  /** Each key of a written table, or of any where none is written, as names of its columns. */
  readonly keys: readonly (readonly string[])[];
  /** Its text means the same where rules are read: a rule can have it as its template. */
  readonly fitsTemplate: boolean;
  /** Placeholders that together are the most rows; null: no LIMIT, or one that can not be told. */
  readonly limit: readonly number[] | null;
}

/** Takes an understood template apart. `subject` is its own; `rules` is what templates of rules are read in. */
export function learnedForm(understood: Understood, subject: RuledSubject, rules: StatementContext): LearnedForm {
  const { catalogue } = rules;
  const { canonical } = understood;
  const analysis = subject.kind === "analysed" ? subject.analysis : null;
  const named = (analysis?.tables ?? []).filter((one) => one.view === null);
  const tables = [...new Map(named.map((one) => [tableKey(one), one])).values()];
  const slotOf = (value: ValueRef): number => {
    const literal =
      value.kind === "literal"
        ? value.literal
        : canonical.literals.findIndex((one) => one.kind === "parameter" && one.parameter === value.parameter);
    return subject.shape.values.indexOf(literal);
  };
  const pins = pinnedColumns(named, catalogue, slotOf);
  return {
    templateHash: canonical.templateHash,
    text: canonical.pattern,
    key: [subject.shape.key, ...tables.map(tableKey).sort()].join("\n"),
    subject,
    class: subject.class,
    analysis,
    literals: subject.shape.values,
    slots: slotMeanings(understood, subject, catalogue, slotOf),
    tables,
    columns: uniqueColumns(analysis),
    pins,
    keys: keysOf(named, catalogue),
    fitsTemplate: fitsTemplate(canonical.pattern, subject, tables, rules),
    limit: limitSlots(analysis, slotOf),
  };
}

/** In another default schema, or with `?` for a value that can not be one, the text is another statement or none. */
function fitsTemplate(
  text: string,
  { shape }: RuledSubject,
  tables: readonly TableOccurrence[],
  rules: StatementContext,
): boolean {
  if (text.length > MOST_IN_TEMPLATE.characters || shape.values.length > MOST_IN_TEMPLATE.values) return false;
  const read = understandTemplate(text, rules);
  if (!read.ok || read.shape.key !== shape.key || read.fixed.some((value) => value !== null)) return false;
  const meant = new Set(read.tables.map(tableKey));
  return meant.size === tables.length && tables.every((one) => meant.has(tableKey(one)));
}

function uniqueColumns(analysis: Analysis | null): BaseColumn[] {
  const columns = (analysis?.columns ?? []).filter((one) => one.view === null);
  return [...new Map(columns.map((one) => [columnName(one), one])).values()].map(({ schema, table, column }) => ({
    schema,
    table,
    column,
  }));
}

function limitSlots(analysis: Analysis | null, slotOf: (value: ValueRef) => number): readonly number[] | null {
  if (analysis === null || !analysis.limit.present || analysis.limit.terms.length === 0) return null;
  const slots = analysis.limit.terms.map((term) => (term.kind === "rows" ? -1 : slotOf(term)));
  return slots.includes(-1) ? null : slots;
}

function pinnedColumns(
  named: readonly TableOccurrence[],
  catalogue: Catalogue,
  slotOf: (value: ValueRef) => number,
): PinnedColumn[] {
  const found = new Map<string, PinnedColumn>();
  for (const first of named) {
    const occurrences = named.filter((one) => tableKey(one) === tableKey(first));
    for (const { column } of first.pins) {
      const folded = foldColumn(column);
      const base = catalogue.table(first.schema, first.table)?.byName.get(folded)?.base;
      if (base === undefined || found.has(columnName(base))) continue;
      const pins = occurrences.map((one) => one.pins.filter((pin) => foldColumn(pin.column) === folded));
      if (pins.some((one) => one.length === 0)) continue;
      found.set(columnName(base), {
        name: columnName(base),
        column: base,
        single: pins.every((one) => one.length === 1),
        textSlots: textSlots(pins.flat(), slotOf),
      });
    }
  }
  return [...found.values()];
}

function textSlots(pins: readonly Pin[], slotOf: (value: ValueRef) => number): number[] {
  return pins.flatMap(({ textual, value }) => (textual && value.kind === "parameter" ? [slotOf(value)] : []));
}

function keysOf(named: readonly TableOccurrence[], catalogue: Catalogue): string[][] {
  const written = named.filter((one) => one.access !== "read");
  return (written.length > 0 ? written : named).flatMap(({ schema, table: name }) => {
    const known = catalogue.table(schema, name);
    if (known === null) return [];
    const { primaryKey, indexes } = known.table;
    const keys = [primaryKey, ...indexes.filter((one) => one.unique).map((one) => one.columns)];
    const base = (column: string) => known.byName.get(foldColumn(column))?.base;
    return keys
      .filter((key) => key.length > 0)
      .map((key) => key.map((column) => columnName(base(column) ?? { schema, table: name, column })));
  });
}

function slotMeanings(
  { canonical, analysis }: Understood,
  subject: RuledSubject,
  catalogue: Catalogue,
  slotOf: (value: ValueRef) => number,
): SlotMeaning[] {
  const columns = new Map<number, BaseColumn>();
  for (const { value, role } of analysis?.values ?? []) {
    if (role.role !== "equality" && role.role !== "assigned") continue;
    columns.set(slotOf(value), role.column);
  }
  const context = contexts(canonical.pattern, subject.shape.values.length);
  return subject.shape.values.map((literal, slot): SlotMeaning => {
    const role = canonical.literals[literal]?.role;
    if (role === "limit" || role === "offset") return { ...UNKNOWN, label: role.toUpperCase(), role };
    const column = columns.get(slot);
    if (column === undefined) return { ...UNKNOWN, label: context[slot] ?? `value ${slot + 1}` };
    const label = `${column.table}.${column.column}`;
    return { label, role: "value", identifies: identifies(column, catalogue), holds: holds(column, catalogue) };
  });
}

/** Of each `?` of a template what stands in front of it: `placed_at >= ?`, `stock + ?`. Words for people, nothing is decided by them. */
function contexts(text: string, slots: number): readonly (string | null)[] {
  const parts = text.split("?");
  // A question mark in a name or a kept literal: which is which can not be told.
  if (parts.length !== slots + 1) return [];
  return parts.slice(0, -1).map((before) => {
    const [, left, operator] = COMPARED.exec(before.slice(-LONGEST_LABEL)) ?? [];
    return left === undefined || operator === undefined ? null : `${left} ${operator.trim()} ?`;
  });
}

const LONGEST_LABEL = 100;
const COMPARED = /((?:\w+ ?\([\w.`*]*\)|[\w.`]+)) ?([<>]=?|<>|!=|[-+*/]|(?: NOT)? LIKE| BETWEEN) ?$/i;

const UNKNOWN = { role: "value", identifies: false, holds: null } as const;

function holds(column: BaseColumn, catalogue: Catalogue): SlotMeaning["holds"] {
  const known = catalogue.table(column.schema, column.table)?.byName.get(foldColumn(column.column));
  if (known === undefined) return null;
  if (known.textual) return "text";
  return /^(decimal|numeric|float|double|real)/.test(known.column.dataType) ? "fractions" : null;
}

/** By the catalogue, and by how columns that point to rows are called everywhere. */
export function identifies(column: BaseColumn, catalogue: Catalogue): boolean {
  const table = catalogue.table(column.schema, column.table)?.table;
  const folded = foldColumn(column.column);
  const keys = [
    table?.primaryKey ?? [],
    ...(table?.indexes ?? []).filter((one) => one.unique).map((one) => one.columns),
  ];
  return /(^|_)id$/.test(folded) || keys.some((key) => key.length === 1 && foldColumn(key[0] ?? "") === folded);
}
