import type {
  Analysis,
  AnalysisFlag,
  BaseColumn,
  ColumnAccess,
  FunctionUse,
  LimitTerm,
  TableOccurrence,
} from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { type CompiledRule, type CompiledTemplate, tableKey } from "./compile";
import type { Lack } from "./lack";
import { actsAs, neededClasses } from "./needed-classes";
import type { Shape } from "./shape";
import type { Subject } from "./subject";
import type { ParameterDomain, StatementValue } from "./value";

/** What a decision still depends on once the template is known: checked for each execution against its values. */
export type Condition =
  | { readonly kind: "limit"; readonly terms: readonly LimitTerm[]; readonly max: number }
  | { readonly kind: "exact"; readonly literal: number; readonly position: number; readonly value: StatementValue }
  | { readonly kind: "domain"; readonly literal: number; readonly position: number; readonly domain: ParameterDomain }
  /** A text column is pinned by this `?`: bound as a number it would equal many of its values. */
  | { readonly kind: "text"; readonly parameter: number; readonly column: string };

/**
 * How one rule relates to one statement. `covers`: the whole statement is covered if every condition holds. `touches`: some table,
 * column or function of the statement is named by the rule, which is all that a deny needs, and makes an earlier review win over a later allow.
 */
export interface Match {
  readonly covers: boolean;
  readonly touches: boolean;
  readonly conditions: readonly Condition[];
  readonly lacks: readonly Lack[];
}

/** Flags that no scope rule covers: they reach outside the tables and columns that such a rule speaks of. */
const OUTSIDE_SCOPE: readonly AnalysisFlag[] = [
  "into_file",
  "into_variable",
  "user_variable",
  "calc_found_rows",
  "temporary_table",
];

/** What every scope rule asks of a statement, collected once for all of them. */
export interface ScopeFacts {
  readonly analysis: Analysis;
  /** What a rule must name to cover it. */
  readonly needed: readonly StatementClass[];
  /** What a rule may name to touch it. */
  readonly acts: readonly StatementClass[];
  /** Occurrences that the statement itself names, views not looked through. */
  readonly named: readonly TableOccurrence[];
  readonly tables: readonly TableOccurrence[];
  readonly columns: readonly ColumnAccess[];
  /** Functions of unknown effect, as rules name them. */
  readonly functions: readonly string[];
  /** Every function, as rules name them. */
  readonly allFunctions: readonly string[];
}

/** Null for subjects that no scope rule looks into. */
export function scopeFacts(subject: Subject): ScopeFacts | null {
  if (subject.kind !== "analysed" && subject.kind !== "explain") return null;
  const { analysis } = subject;
  const named = analysis.tables.filter((one) => one.view === null);
  const name = (one: FunctionUse) => (one.schema === null ? one.name : `${one.schema}.${one.name}`).toLowerCase();
  const needed = neededClasses(subject.class, analysis);
  return {
    analysis,
    needed,
    acts: needed.flatMap(actsAs),
    named,
    tables: unique(named, tableKey),
    columns: unique(
      analysis.columns.filter((one) => one.view === null),
      columnKey,
    ),
    functions: analysis.functions.filter((one) => one.effect !== "pure").map(name),
    allFunctions: analysis.functions.map(name),
  };
}

/** Matches one rule against one subject. Pure; looks at no value of the statement. `facts` are the subject's `scopeFacts`. */
export function matchRule(rule: CompiledRule, subject: Subject, facts: ScopeFacts | null): Match {
  switch (subject.kind) {
    case "analysed":
    case "explain":
      if (rule.template !== null) return matchTemplate(rule.template, subject.shape, subject.analysis);
      return facts === null ? no([{ kind: "not_analysed" }]) : matchScope(rule, facts);
    case "opaque":
      return rule.template === null
        ? matchOpaque(rule, subject.class)
        : matchTemplate(rule.template, subject.shape, null);
    case "housekeeping":
    case "use":
      return byClassOnly(rule, subject.class);
    case "metadata": {
      if (rule.template !== null || (rule.classes !== null && !rule.classes.has(subject.class)))
        return byClassOnly(rule, subject.class);
      const touches = subject.objects.some(
        ({ schema, table }) =>
          schema !== null && table !== null && rule.tables?.some((one) => one.matches({ schema, table })),
      );
      return {
        covers: false,
        touches: rule.tables === null ? rule.classes !== null : touches,
        conditions: [],
        lacks: [],
      };
    }
    default:
      return subject satisfies never;
  }
}

/** Rules decide housekeeping and metadata only where they name its class; everything else is up to the policy's settings. */
function byClassOnly(rule: CompiledRule, statementClass: StatementClass): Match {
  const named =
    rule.template === null &&
    rule.tables === null &&
    rule.columns === null &&
    rule.classes?.has(statementClass) === true;
  return {
    covers: named,
    touches: named,
    conditions: [],
    lacks: named ? [] : [{ kind: "statement", class: statementClass }],
  };
}

function matchOpaque(rule: CompiledRule, statementClass: StatementClass): Match {
  const named = rule.classes === null ? rule.effect === "deny" : rule.classes.has(statementClass);
  if (!named) return no([{ kind: "statement", class: statementClass }]);
  const scoped = rule.tables !== null || rule.columns !== null || rule.where.length > 0 || rule.maxLimit !== null;
  // What a statement of this kind touches is not known: a deny over tables has to assume the worst.
  if (scoped)
    return { covers: false, touches: rule.effect !== "allow", conditions: [], lacks: [{ kind: "not_analysed" }] };
  return { covers: true, touches: true, conditions: [], lacks: [] };
}

const no = (lacks: readonly Lack[]): Match => ({ covers: false, touches: false, conditions: [], lacks });

function matchScope(rule: CompiledRule, facts: ScopeFacts): Match {
  const { analysis, needed } = facts;
  const lacks: Lack[] = [];
  const { classes } = rule;
  const denies = rule.effect === "deny";
  // A deny lacks none of them where it names one.
  if (classes !== null && !(denies && facts.acts.some((one) => classes.has(one)))) {
    for (const one of needed) {
      if (classes.has(one)) continue;
      const updates = one === "update" && analysis.flags.has("on_duplicate_key") && !denies;
      lacks.push(updates ? { kind: "also_updates" } : { kind: "statement", class: one });
    }
  }
  if (rule.tables !== null) {
    for (const one of facts.tables) {
      if (!rule.tables.some((pattern) => pattern.matches(one))) lacks.push({ kind: "table", table: one });
    }
  }
  if (rule.columns !== null) {
    for (const column of facts.columns) {
      const lack = columnLack(rule.columns, column);
      if (lack !== null) lacks.push(lack);
    }
  }
  const conditions = conditionsOfPins(rule, facts.named, lacks);
  for (const name of facts.functions) if (!rule.functions.has(name)) lacks.push({ kind: "function", name });
  for (const flag of OUTSIDE_SCOPE) if (analysis.flags.has(flag)) lacks.push({ kind: "flag", flag });
  if (analysis.flags.has("locking_read") && classes?.has("update") !== true)
    lacks.push({ kind: "flag", flag: "locking_read" });
  conditions.push(...limitConditions(rule, analysis, lacks));
  return { covers: lacks.length === 0, touches: touchesScope(rule, facts), conditions, lacks };
}

function columnLack(columns: NonNullable<CompiledRule["columns"]>, column: BaseColumn): Lack | null {
  if (columns.excluded.some((pattern) => pattern.matches(column))) return { kind: "column", column, excluded: true };
  const { wanted } = columns;
  return wanted.length === 0 || wanted.some((pattern) => pattern.matches(column))
    ? null
    : { kind: "column", column, excluded: false };
}

function conditionsOfPins(rule: CompiledRule, named: readonly TableOccurrence[], lacks: Lack[]): Condition[] {
  const conditions: Condition[] = [];
  for (const wanted of rule.where) {
    const owners = named.filter((one) => wanted.table.matches(one));
    if (owners.length === 0) lacks.push({ kind: "pin", column: wanted.text, table: null });
    for (const one of owners) {
      // Several pins of a column are alternatives (OR, IN): each must hold its own.
      const pins = one.pins.filter((pin) =>
        wanted.matches({ schema: one.schema, table: one.table, column: pin.column }),
      );
      if (pins.length === 0) lacks.push({ kind: "pin", column: wanted.text, table: one });
      for (const { textual, value, column } of pins) {
        if (textual && value.kind === "parameter")
          conditions.push({ kind: "text", parameter: value.parameter, column });
      }
    }
  }
  return conditions;
}

function limitConditions(rule: CompiledRule, analysis: Analysis, lacks: Lack[]): Condition[] {
  if (rule.maxLimit === null) return [];
  if (!analysis.limit.present || analysis.limit.terms.length === 0) {
    lacks.push({ kind: "limit_missing", max: rule.maxLimit });
    return [];
  }
  return [{ kind: "limit", terms: analysis.limit.terms, max: rule.maxLimit }];
}

/** Whether the rule names anything of the statement, views looked through: all that a deny needs. */
function touchesScope(rule: CompiledRule, { analysis, acts, allFunctions }: ScopeFacts): boolean {
  const { classes, tables, columns, functions } = rule;
  if (classes !== null && !acts.some((one) => classes.has(one))) return false;
  if (tables !== null && !analysis.tables.some((one) => tables.some((pattern) => pattern.matches(one)))) return false;
  if (columns !== null && !analysis.columns.some((one) => namesColumn(columns, one))) return false;
  return functions.size === 0 || rule.effect !== "deny" || allFunctions.some((one) => functions.has(one));
}

function namesColumn(columns: NonNullable<CompiledRule["columns"]>, column: ColumnAccess): boolean {
  if (columns.excluded.some((pattern) => pattern.matches(column))) return false;
  return columns.wanted.length === 0 || columns.wanted.some((pattern) => pattern.matches(column));
}

function matchTemplate(
  template: CompiledTemplate | { readonly unusable: string },
  shape: Shape,
  analysis: Analysis | null,
): Match {
  if ("unusable" in template) return no([{ kind: "template_unusable", why: template.unusable }]);
  if (template.shapeKey !== shape.key) return no([{ kind: "template" }]);
  const tables = new Set((analysis?.tables ?? []).filter((one) => one.view === null).map(tableKey));
  if (tables.size !== template.tables.size || [...tables].some((one) => !template.tables.has(one))) {
    return no([{ kind: "template_tables" }]);
  }
  const conditions: Condition[] = [];
  template.slots.forEach(({ exact, domain }, index) => {
    const literal = shape.values[index] ?? -1;
    const position = index + 1;
    if (exact !== null) conditions.push({ kind: "exact", literal, position, value: exact });
    else if (domain !== null) conditions.push({ kind: "domain", literal, position, domain });
  });
  return { covers: true, touches: true, conditions, lacks: [] };
}

const columnKey = (one: BaseColumn) => `${one.schema}\u0000${one.table}\u0000${one.column}`;

function unique<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Map<string, T>();
  for (const item of items) {
    const id = key(item);
    if (!seen.has(id)) seen.set(id, item);
  }
  return [...seen.values()];
}
