import type { BaseColumn } from "../analysis";
import { type CompiledColumn, type CompiledTable, foldColumn } from "../catalogue";
import type {
  Assignment,
  DdlStatement,
  DeleteStatement,
  Expression,
  InsertStatement,
  ObjectName,
  UpdateStatement,
  ValueRef,
} from "../model";
import { Refusal } from "../parse/cursor";
import { traceCondition } from "./condition";
import { flowOf } from "./expression";
import { CONSTANT, derive, type Flow, type Output } from "./flow";
import { findTable, occurrences, type ResolvedFrom, scopeOf, traceFrom } from "./from";
import { traceItems, traceQuery, traceWithList } from "./query";
import { EMPTY_SCOPE, type Scope, type Source, sourcesNamed } from "./scope";
import type { Context } from "./trace";

/** What is assigned to a column: the flow, and the value when it is nothing but one. */
interface Assigned {
  readonly flow: Flow;
  readonly value: ValueRef | null;
}

function assigned(context: Context, expression: Expression): Assigned {
  if (expression.kind === "literal" || expression.kind === "parameter") return { flow: CONSTANT, value: expression };
  return { flow: flowOf(context, expression), value: null };
}

/** Records that a column gets values; `column` is that of the table or view the statement names. */
function recordWrite(
  context: Context,
  compiled: CompiledTable,
  column: CompiledColumn,
  values: readonly Assigned[],
): void {
  const { recorder } = context.trace;
  const target = writtenColumn(context, compiled, column);
  recorder.access(column.base, "write", null);
  if (target !== column.base) recorder.access(target, "write", compiled.base);
  for (const one of values) {
    recorder.use(one.flow, "assigned_from", target);
    if (one.value !== null) recorder.role(one.value, { role: "assigned", column: target });
  }
  const derived = values.some((one) => one.flow.columns.size > 0);
  const plain = values.flatMap((one) => (one.value === null ? [] : [one.value]));
  recorder.write(target, derived ? "derived" : "value", plain.length === values.length ? plain : []);
}

/** The base column behind a column: writing through a view is understood only for plain columns. */
function writtenColumn(context: Context, compiled: CompiledTable, column: CompiledColumn): BaseColumn {
  if (compiled.table.kind === "table") return column.base;
  const source = viewSource(context, compiled);
  const flow = source.columns.find((one) => foldColumn(one.name) === foldColumn(column.column.name))?.flow;
  const [base, more] = flow?.columns.keys() ?? [];
  if (flow?.kind !== "direct" || base === undefined || more !== undefined) {
    throw new Refusal("UNSUPPORTED", `writing the computed column ${column.column.name} of a view`, null);
  }
  return base;
}

function viewSource(context: Context, compiled: CompiledTable): Source {
  const name: ObjectName = { schema: compiled.table.schema, name: compiled.table.name };
  const silent = { ...context, trace: { ...context.trace, recorder: context.trace.recorder.aside() } };
  const from = traceFrom(
    { ...silent, scope: EMPTY_SCOPE, common: null },
    { kind: "table", name, alias: null, hints: null },
  );
  const [source] = from.sources;
  if (source === undefined) throw new Refusal("OPAQUE_VIEW", `the view ${compiled.table.name} is not understood`, null);
  return source;
}

function columnNamed(compiled: CompiledTable, name: string): CompiledColumn {
  const column = compiled.byName.get(foldColumn(name));
  if (column === undefined) {
    const table = `${compiled.table.schema}.${compiled.table.name}`;
    throw new Refusal("UNKNOWN_NAME", `the column ${name} of ${table} is not known`, null);
  }
  return column;
}

function noteTriggers(context: Context, compiled: CompiledTable, events: readonly string[]): void {
  if (compiled.triggers.some((trigger) => events.includes(trigger.event)))
    context.trace.recorder.flags.add("triggers_fire");
}

export function traceInsert(context: Context, statement: InsertStatement): readonly Output[] | null {
  const { recorder } = context.trace;
  const target = traceFrom(
    { ...context, scope: { ...EMPTY_SCOPE, outer: EMPTY_SCOPE } },
    { kind: "table", name: statement.table, alias: null, hints: null },
  );
  const compiled = targetTable(context, target);
  noteIgnore(context, statement);
  noteTriggers(context, compiled, statement.kind === "replace" ? ["insert", "delete"] : ["insert"]);
  const columns =
    statement.columns?.map((name) => columnNamed(compiled, name)) ??
    compiled.columns.filter((column) => !column.column.invisible);
  const inserted = new Map<string, Flow>();
  const valuesOf = insertedValues(context, statement, columns.length, scopeOf(target, null));
  columns.forEach((column, index) => {
    const values = valuesOf(index);
    inserted.set(foldColumn(column.column.name), derive(values.map((one) => one.flow)));
    recordWrite(context, compiled, column, values);
  });
  if (statement.onDuplicate.length > 0) {
    recorder.flags.add("on_duplicate_key");
    noteTriggers(context, compiled, ["update"]);
    const inside: Context = { ...context, scope: scopeOf(target, null), trace: { ...context.trace, inserted } };
    for (const assignment of statement.onDuplicate) traceAssignment(inside, target, assignment);
  }
  if (statement.returning === null) return null;
  recorder.flags.add("returning");
  return traceItems({ ...context, scope: scopeOf(target, null) }, statement.returning, false);
}

function noteIgnore(context: Context, statement: { readonly ignore: boolean }): void {
  if (statement.ignore) context.trace.recorder.flags.add("ignore");
}

/** What each column is given. Names in ON DUPLICATE KEY UPDATE only mean the table's own columns. */
function insertedValues(
  context: Context,
  statement: InsertStatement,
  width: number,
  targetScope: Scope,
): (column: number) => readonly Assigned[] {
  if (statement.source.kind === "query") {
    context.trace.recorder.flags.add("insert_from_query");
    const outputs = traceQuery({ ...context, scope: EMPTY_SCOPE }, statement.source.query, false);
    checkWidth(outputs.length, width);
    return (column) => [{ flow: outputs[column]?.flow ?? CONSTANT, value: null }];
  }
  const rows = statement.source.rows.map((row) => {
    if (row.length === 0) return [];
    checkWidth(row.length, width);
    return row.map((cell) => assigned({ ...context, scope: targetScope }, cell));
  });
  return (column) => rows.flatMap((row) => row[column] ?? []);
}

function checkWidth(found: number, width: number): void {
  if (found !== width) throw new Refusal("UNSUPPORTED", "a row with another number of values than columns", null);
}

function targetTable(context: Context, from: ResolvedFrom): CompiledTable {
  const table = from.sources[0]?.table;
  if (!table) throw new Refusal("UNSUPPORTED", "writing to anything but a table or view", null);
  context.trace.recorder.markWritten(table.occurrence);
  return table.compiled;
}

/** column = expression: the column belongs to one of the tables of FROM. */
function traceAssignment(context: Context, from: ResolvedFrom, assignment: Assignment): number {
  const { catalogue, recorder } = context.trace;
  const named =
    assignment.table === null
      ? from.sources
      : sourcesNamed(context.scope, assignment.schema, assignment.table, catalogue);
  const folded = foldColumn(assignment.column);
  const owners = named.filter((source) => source.columns.some((column) => foldColumn(column.name) === folded));
  const [owner, more] = owners;
  if (owner === undefined) throw new Refusal("UNKNOWN_NAME", `the column ${assignment.column} is not known`, null);
  if (more !== undefined) throw new Refusal("AMBIGUOUS_NAME", `the column ${assignment.column} is ambiguous`, null);
  if (owner.table === null) throw new Refusal("UNSUPPORTED", "writing to a derived table", null);
  const { compiled, occurrence } = owner.table;
  recorder.markWritten(occurrence);
  recordWrite(context, compiled, columnNamed(compiled, assignment.column), [assigned(context, assignment.value)]);
  return occurrence;
}

/** Resolves the tables of UPDATE and DELETE and traces what limits their rows. */
function traceTarget(
  context: Context,
  statement: UpdateStatement | DeleteStatement,
): { from: ResolvedFrom; inside: Context } {
  const { recorder } = context.trace;
  const common = statement.with === null ? context.common : traceWithList(context, statement.with);
  const around: Context = { ...context, common, scope: { ...EMPTY_SCOPE, outer: EMPTY_SCOPE } };
  const from = traceFrom(around, statement.from);
  const inside: Context = { ...context, common, scope: scopeOf(from, null) };
  const own = occurrences(from);
  const pins =
    statement.where === null
      ? from.pins
      : new Map([...from.pins, ...traceCondition(inside, statement.where, { place: "predicate", own })]);
  for (const one of pins.values()) recorder.pin(one.occurrence, one.pins);
  for (const item of statement.orderBy) recorder.use(flowOf(inside, item.expression), "ordering");
  if (statement.where === null) recorder.flags.add("write_without_where");
  if (statement.limit !== null) {
    recorder.flags.add("write_with_limit");
    recorder.role(statement.limit.count, { role: "limit" });
    if (statement.limit.offset !== null) recorder.role(statement.limit.offset, { role: "offset" });
  }
  if (from.sources.length > 1) recorder.flags.add("multi_table_write");
  noteIgnore(context, statement);
  return { from, inside };
}

export function traceUpdate(context: Context, statement: UpdateStatement): void {
  const { from, inside } = traceTarget(context, statement);
  const written = new Set(statement.set.map((assignment) => traceAssignment(inside, from, assignment)));
  for (const { table } of from.sources) {
    if (table !== null && written.has(table.occurrence)) noteTriggers(context, table.compiled, ["update"]);
  }
}

export function traceDelete(context: Context, statement: DeleteStatement): readonly Output[] | null {
  const { recorder, catalogue } = context.trace;
  const { from, inside } = traceTarget(context, statement);
  const targets =
    statement.targets === null
      ? from.sources
      : statement.targets.map((name) => {
          const [source, more] = sourcesNamed(inside.scope, name.schema, name.name, catalogue);
          if (source === undefined || more !== undefined) {
            throw new Refusal("UNKNOWN_NAME", `the table ${name.name} is not in the FROM of this DELETE`, null);
          }
          return source;
        });
  for (const source of targets) {
    if (source.table === null) throw new Refusal("UNSUPPORTED", "deleting from a derived table", null);
    recorder.markWritten(source.table.occurrence);
    noteTriggers(context, source.table.compiled, ["delete"]);
  }
  if (statement.returning === null) return null;
  recorder.flags.add("returning");
  return traceItems(inside, statement.returning, false);
}

/** Definitions: the objects they name, and what their query reads. */
export function traceDefinition(context: Context, statement: DdlStatement): void {
  const { recorder } = context.trace;
  const creates = statement.action === "create_table" || statement.action === "create_view";
  const schemas = statement.action === "create_schema" || statement.action === "drop_schema";
  // With IF EXISTS in front of a CREATE, as migrations and dumps write it; without, the server says that there is no such table.
  const drops = statement.action === "drop_table" || statement.action === "drop_view";
  if (statement.temporary) recorder.flags.add("temporary_table");
  statement.objects.forEach((name, index) => {
    const target = statement.action === "rename_table" && index % 2 === 1;
    if (schemas) recorder.occurrence({ schema: name.name, table: "" }, "table", "ddl", null);
    else if (creates || target || drops) recordNewTable(context, name);
    else {
      const compiled = findTable(context, name);
      recorder.occurrence(compiled.base, compiled.table.kind, "ddl", null);
    }
  });
  for (const name of statement.references) {
    if (
      statement.action === "alter_table" &&
      context.trace.catalogue.table(name.schema ?? context.trace.defaultSchema ?? "", name.name) === null
    ) {
      recordNewTable(context, name);
      continue;
    }
    const compiled = findTable(context, name);
    recorder.occurrence(compiled.base, compiled.table.kind, statement.action === "alter_table" ? "ddl" : "read", null);
  }
  if (statement.query === null) return;
  const outputs = traceQuery({ ...context, scope: EMPTY_SCOPE }, statement.query, false);
  for (const output of outputs) recorder.use(output.flow, "assigned_from");
}

/** A table that need not exist: as the catalogue spells it, else as the server will. */
function recordNewTable(context: Context, name: ObjectName): void {
  const { catalogue, defaultSchema, recorder } = context.trace;
  const schema = name.schema ?? defaultSchema;
  if (schema === null)
    throw new Refusal("NO_SCHEMA_SELECTED", `no schema is selected: write schema.${name.name}`, null);
  const known = catalogue.schema(schema);
  if (known === null) throw new Refusal("UNKNOWN_NAME", `the schema ${schema} is not known`, null);
  const existing = catalogue.table(schema, name.name);
  const folds = catalogue.snapshot.lowerCaseTableNames === 1;
  recorder.occurrence(
    existing?.base ?? { schema: known, table: folds ? foldColumn(name.name) : name.name },
    existing?.table.kind ?? "table",
    "ddl",
    null,
  );
}
