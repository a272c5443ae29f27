import type { BaseColumn, BaseTable } from "../analysis";
import { type CompiledColumn, type CompiledTable, foldColumn } from "../catalogue";
import type { FromItem, ObjectName } from "../model";
import { Refusal } from "../parse/cursor";
import { both, NO_PINS, type Pins, traceCondition, traceShared } from "./condition";
import { flowOf } from "./expression";
import { CONSTANT, derive, type Flow, type Output, outward, unite } from "./flow";
import { traceQuery } from "./query";
import { checkDuplicates, checkName, type Scope, type ScopeColumn, type Source, UNNAMED } from "./scope";
import type { CommonScope, Context } from "./trace";
import { generatedFlow, traceView } from "./view";

/** A FROM clause, or a part of it, resolved. */
export interface ResolvedFrom {
  readonly sources: readonly Source[];
  readonly columns: readonly ScopeColumn[];
  readonly uncertainOrder: boolean;
  /** What its join conditions pin. */
  readonly pins: Pins;
}

/** The scope in which a part of FROM sees what stands to its left (LATERAL, JSON_TABLE). */
function leftScope(context: Context, left: ResolvedFrom | null): Scope {
  if (left === null) return context.scope;
  return scopeOf(left, context.scope.outer);
}

export function scopeOf(from: ResolvedFrom, outer: Scope | null): Scope {
  return {
    sources: from.sources,
    columns: from.columns,
    uncertainOrder: from.uncertainOrder,
    aliases: [],
    hidden: new Set(),
    subqueryAliases: [],
    outer,
  };
}

/** `context.scope` is an empty scope whose `outer` is what surrounds the query. */
export function traceFrom(context: Context, item: FromItem, left: ResolvedFrom | null = null): ResolvedFrom {
  switch (item.kind) {
    case "table":
      return single(tableSource(context, item));
    case "derived": {
      const scope = item.lateral ? leftScope(context, left) : (context.scope.outer ?? context.scope);
      const outputs = traceQuery({ ...context, scope }, item.query, false);
      return single(derivedSource(outputs, item.alias, item.columns));
    }
    case "jsonTable": {
      const flow = derive([flowOf({ ...context, scope: leftScope(context, left) }, item.document)]);
      // The document decides how many rows there are, and whether the statement fails.
      context.trace.recorder.use(flow, "predicate");
      const columns = item.columns.map((name) => ({ name: checkName(name), flow, invisible: false }));
      return single({ alias: checkName(item.alias), schema: null, columns, table: null });
    }
    case "join":
      return traceJoin(context, item, left);
    default:
      return item satisfies never;
  }
}

function single(source: Source): ResolvedFrom {
  return { sources: [source], columns: source.columns, uncertainOrder: false, pins: NO_PINS };
}

function concat(left: ResolvedFrom, right: ResolvedFrom): ResolvedFrom {
  return {
    sources: [...left.sources, ...right.sources],
    columns: [...left.columns, ...right.columns],
    uncertainOrder: left.uncertainOrder || right.uncertainOrder,
    pins: both(left.pins, right.pins),
  };
}

function traceJoin(context: Context, item: FromItem & { kind: "join" }, before: ResolvedFrom | null): ResolvedFrom {
  const left = traceFrom(context, item.left, before);
  const right = traceFrom(context, item.right, before === null ? left : concat(before, left));
  const joined = concat(left, right);
  checkDuplicates(joined.sources, context.trace.catalogue);
  if (item.natural || item.using !== null) return { ...shared(context, item, left, right), pins: joined.pins };
  if (item.on === null) return joined;
  const own = occurrences(item.join === "left" ? right : item.join === "right" ? left : joined);
  const scope = scopeOf(joined, context.scope.outer);
  const pins = traceCondition({ ...context, scope }, item.on, { place: "join", own });
  return { ...joined, pins: both(joined.pins, pins) };
}

export function occurrences(from: { readonly sources: readonly Source[] }): ReadonlySet<number> {
  return new Set(from.sources.flatMap((source) => (source.table === null ? [] : [source.table.occurrence])));
}

/** USING and NATURAL: the common columns come first and once (MySQL manual, "JOIN Clause"). */
function shared(
  context: Context,
  item: FromItem & { kind: "join" },
  left: ResolvedFrom,
  right: ResolvedFrom,
): Omit<ResolvedFrom, "pins"> {
  const rightNames = new Set(right.columns.map((column) => foldColumn(column.name)));
  const leftNames = left.columns.map((column) => foldColumn(column.name));
  if ([...rightNames, ...leftNames].includes(UNNAMED) && item.natural) {
    throw new Refusal("UNSUPPORTED", "NATURAL JOIN with a column that has no name: give it an alias", null);
  }
  const names = item.using?.map(foldColumn) ?? leftNames.filter((name) => rightNames.has(name));
  const wanted = new Set(names);
  const common: ScopeColumn[] = [];
  for (const name of leftNames.filter((one) => wanted.has(one))) {
    common.push(sharedColumn(context, name, item.join, left, right));
  }
  if (common.length !== wanted.size) {
    const missing = names.find((name) => !leftNames.includes(name)) ?? "";
    throw new Refusal("UNKNOWN_NAME", `the column ${missing} of USING is not known`, null);
  }
  const rest = (from: ResolvedFrom) => from.columns.filter((column) => !wanted.has(foldColumn(column.name)));
  const sources = [...left.sources, ...right.sources];
  const columns =
    item.join === "right" ? [...common, ...rest(right), ...rest(left)] : [...common, ...rest(left), ...rest(right)];
  return {
    sources,
    columns,
    uncertainOrder: left.uncertainOrder || right.uncertainOrder || item.join === "right" || common.length > 1,
  };
}

function sharedColumn(
  context: Context,
  name: string,
  join: "inner" | "left" | "right",
  left: ResolvedFrom,
  right: ResolvedFrom,
): ScopeColumn {
  const inLeft = left.columns.filter((column) => foldColumn(column.name) === name);
  const inRight = right.columns.filter((column) => foldColumn(column.name) === name);
  const [leftColumn, leftMore] = inLeft;
  const [rightColumn, rightMore] = inRight;
  if (leftColumn?.invisible === true || rightColumn?.invisible === true) {
    throw new Refusal("UNSUPPORTED", `joining by the invisible column ${name}: write ON`, null);
  }
  if (leftMore !== undefined || rightMore !== undefined) {
    throw new Refusal("AMBIGUOUS_NAME", `the column ${name} of USING is ambiguous`, null);
  }
  if (leftColumn === undefined || rightColumn === undefined) {
    throw new Refusal("UNKNOWN_NAME", `the column ${name} of USING is not known`, null);
  }
  for (const flow of [leftColumn.flow, rightColumn.flow]) {
    for (const [column, view] of flow.columns) context.trace.recorder.access(column, "read", view);
  }
  traceShared(context, leftColumn.flow, rightColumn.flow);
  const visible = join === "right" ? rightColumn : leftColumn;
  return { name: visible.name, flow: sharedFlow(visible.flow, leftColumn.flow, rightColumn.flow), invisible: false };
}

/** The one side is what is shown, both sides are what can be told from it. */
function sharedFlow(visible: Flow, left: Flow, right: Flow): Flow {
  return { ...unite(left, right), place: visible.place };
}

function derivedSource(outputs: readonly Output[], alias: string | null, names: readonly string[] | null): Source {
  if (names !== null && names.length !== outputs.length) {
    throw new Refusal("UNSUPPORTED", "a column list that does not fit its query", null);
  }
  const columns = outputs.map((output, index) => ({
    name: checkName(names?.[index] ?? output.name ?? UNNAMED),
    flow: outward(output.flow),
    invisible: false,
  }));
  return { alias: alias === null ? null : checkName(alias), schema: null, columns, table: null };
}

export function commonNamed(context: Context, name: ObjectName): CommonScope | null {
  if (name.schema !== null) return null;
  for (let at = context.common; at !== null; at = at.outer) {
    if (context.trace.catalogue.sameName(at.name, name.name)) return at;
  }
  return null;
}

function tableSource(context: Context, { name, alias, hints }: FromItem & { kind: "table" }): Source {
  const common = commonNamed(context, name);
  if (common !== null) {
    if (common.outputs === null) {
      throw new Refusal("UNSUPPORTED", `the common table ${name.name} is used before it is defined`, null);
    }
    return derivedSource(common.outputs, alias ?? name.name, null);
  }
  const compiled = findTable(context, name);
  const { recorder, view } = context.trace;
  const { kind } = compiled.table;
  if (hints?.partitions === true) recorder.flags.add("partition_selection");
  const occurrence = recorder.occurrence(compiled.base, kind, "read", view, view === null ? hints : null);
  const flows = kind === "view" ? viewFlows(context, compiled) : null;
  const columns = compiled.columns.map((column, index) => ({
    name: column.column.name,
    flow: flows?.[index] === undefined ? baseFlow(context, compiled, column) : flows[index],
    invisible: column.column.invisible,
  }));
  const placed = columns.map((column, index) => ({
    ...column,
    flow: withPlace(column.flow, compiled, index, occurrence),
  }));
  return {
    alias: checkName(alias ?? name.name),
    schema: alias === null ? compiled.table.schema : null,
    columns: placed,
    table: { occurrence, compiled },
  };
}

/** The table or view of the catalogue a name means; refused by name when there is none. */
export function findTable(context: Context, name: ObjectName): CompiledTable {
  const { catalogue, defaultSchema } = context.trace;
  const schema = name.schema ?? defaultSchema;
  if (schema === null) {
    throw new Refusal("NO_SCHEMA_SELECTED", `no schema is selected: write schema.${name.name}`, null);
  }
  const compiled = catalogue.table(schema, name.name);
  if (compiled === null) throw new Refusal("UNKNOWN_NAME", `the table ${schema}.${name.name} is not known`, null);
  return compiled;
}

function withPlace(flow: Flow, compiled: CompiledTable, index: number, occurrence: number): Flow {
  const column = compiled.columns[index];
  if (column === undefined) return flow;
  return { ...flow, place: { occurrence, column: column.base.column, textual: column.textual } };
}

function baseFlow(context: Context, compiled: CompiledTable, column: CompiledColumn): Flow {
  const { view } = context.trace;
  const columns = new Map<BaseColumn, BaseTable | null>([[column.base, view]]);
  if (column.column.generated === null) {
    return { ...CONSTANT, kind: "direct", columns, origin: column.base };
  }
  for (const source of generatedFlow(context, compiled, column.column.generated)) columns.set(source, view);
  return { ...CONSTANT, kind: "derived", columns, origin: column.base, generated: true };
}

/** Columns of a view: what its query makes of base columns, under the view's own names. */
function viewFlows(context: Context, compiled: CompiledTable): readonly Flow[] {
  const outputs = traceView(context, compiled);
  return compiled.columns.map((column, index) => {
    const flow = outward(outputs[index]?.flow ?? CONSTANT);
    return { ...flow, viewColumn: column.base, viewColumns: new Set([...flow.viewColumns, column.base]) };
  });
}
