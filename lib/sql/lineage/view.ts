import type { BaseColumn } from "../analysis";
import type { CompiledTable } from "../catalogue";
import { Refusal } from "../parse/cursor";
import { flowOf } from "./expression";
import { CONSTANT, type Output } from "./flow";
import { traceQuery } from "./query";
import { Recorder } from "./recorder";
import { EMPTY_SCOPE, type Scope } from "./scope";
import type { Context, Trace } from "./trace";

function opaque(compiled: CompiledTable): Refusal {
  const name = `${compiled.table.schema}.${compiled.table.name}`;
  return new Refusal("OPAQUE_VIEW", `the view ${name} can not be understood: name its tables instead`, null);
}

/** Outputs of a view's query, traced in the view's own schema; everything in it is charged to the statement. */
export function traceView(context: Context, compiled: CompiledTable): readonly Output[] {
  const { trace } = context;
  const { definition } = compiled.table;
  if (definition === null || trace.path.length > 15 || trace.path.includes(compiled.base)) throw opaque(compiled);
  const text = trace.text.query(definition);
  if (text?.parsed.statement.kind !== "select") throw opaque(compiled);
  const inner: Trace = {
    ...trace,
    defaultSchema: compiled.table.schema,
    literals: text.literals,
    view: trace.view ?? compiled.base,
    path: [...trace.path, compiled.base],
    inserted: new Map(),
  };
  const outputs = traceQuery({ trace: inner, scope: EMPTY_SCOPE, common: null }, text.parsed.statement.query, false);
  if (outputs.length !== compiled.columns.length) throw opaque(compiled);
  return outputs;
}

/** The columns of the table that a generated column is computed from, also through other generated ones. */
export function generatedFlow(context: Context, compiled: CompiledTable, expression: string): ReadonlySet<BaseColumn> {
  const reached = new Set<BaseColumn>();
  const pending = [expression];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const base of namedIn(context, compiled, next)) {
      if (reached.has(base)) continue;
      reached.add(base);
      const generated = compiled.columns.find((column) => column.base === base)?.column.generated ?? null;
      if (generated !== null) pending.push(generated);
    }
  }
  return reached;
}

/** The columns that the expression of a generated column names. */
function namedIn(context: Context, compiled: CompiledTable, expression: string): Iterable<BaseColumn> {
  const text = context.trace.text.query(`SELECT ${expression}`);
  const body = text?.parsed.statement.kind === "select" ? text.parsed.statement.query.body : null;
  const item = body?.kind === "select" ? body.items[0] : undefined;
  if (item?.kind !== "expression" || text === null) {
    const name = `${compiled.table.schema}.${compiled.table.name}`;
    throw new Refusal("OPAQUE_VIEW", `a generated column of ${name} can not be understood`, null);
  }
  const columns = compiled.columns.map((column) => ({
    name: column.column.name,
    flow: { ...CONSTANT, kind: "direct" as const, columns: new Map([[column.base, null]]) },
    invisible: false,
  }));
  const source = { alias: compiled.table.name, schema: compiled.table.schema, columns, table: null };
  const scope: Scope = { ...EMPTY_SCOPE, sources: [source], columns };
  const trace: Trace = { ...context.trace, literals: text.literals, view: compiled.base, recorder: new Recorder() };
  return flowOf({ trace, scope, common: null }, item.expression).columns.keys();
}
