import { foldColumn } from "../catalogue";
import { isPure, isTotal } from "../functions";
import type { Expression, FunctionCall, Query, ValueRef } from "../model";
import { CONSTANT, derive, type Flow, type Output } from "./flow";
import { traceQuery } from "./query";
import { resolveColumn } from "./scope";
import type { Context } from "./trace";

/** The flow of a column name; the column counts as read. */
export function readColumn(context: Context, column: Expression & { kind: "column" }): Flow {
  const flow = resolveColumn(context.scope, column, context.trace.catalogue);
  recordRead(context, flow);
  return flow;
}

/** Records that the columns of a flow are read, and the view's own column where it is one. */
export function recordRead(context: Context, flow: Flow): void {
  const { recorder, view } = context.trace;
  for (const [column, through] of flow.columns) recorder.access(column, "read", through);
  if (flow.viewColumn !== null) recorder.access(flow.viewColumn, "read", view);
}

/** Values of views are not values of the statement. */
export function recordValue(context: Context, value: ValueRef): void {
  if (context.trace.view === null) context.trace.recorder.role(value, { role: "other" });
}

/** What flows into the value of an expression. Uses that are not a flow (windows, grouping in subqueries ...) are recorded. */
export function flowOf(context: Context, expression: Expression): Flow {
  const all = (list: readonly Expression[]) =>
    combined(
      context,
      list.map((one) => flowOf(context, one)),
    );
  switch (expression.kind) {
    case "literal":
    case "parameter":
      recordValue(context, expression);
      return CONSTANT;
    case "constant":
      return CONSTANT;
    case "column":
      return readColumn(context, expression);
    case "not":
      return all([expression.operand]);
    case "binary":
      return all([expression.left, expression.right]);
    case "operation":
      return fallible(context, all(expression.operands), TOTAL_OPERATIONS.has(expression.name));
    case "isNull":
      return nullTest(context, expression.operand);
    case "in":
      for (const value of expression.values) recordValue(context, value);
      return all([expression.operand, ...expression.items]);
    case "inQuery":
    case "quantified":
      return combined(context, [flowOf(context, expression.operand), ...comparedOutputs(context, expression.query)]);
    case "case":
      return caseFlow(context, expression);
    case "row":
      return all(expression.items);
    case "exists":
      subquery(context, expression.query, true);
      return CONSTANT;
    case "scalar":
      return derive(subquery(context, expression.query, false).map((output) => output.flow));
    case "call":
      return callFlow(context, expression);
    case "match":
      return all([...expression.columns, expression.against]);
    case "userVariable":
      context.trace.recorder.flags.add("user_variable");
      return CONSTANT;
    case "systemVariable":
      context.trace.recorder.systemVariable(expression.name);
      return CONSTANT;
    case "insertedValue":
      return insertedFlow(context, expression.column);
    default:
      return expression satisfies never;
  }
}

/** Operations that give a value or NULL for every operand; the others can fail (overflow, JSON, regular expressions). */
const TOTAL_OPERATIONS: ReadonlySet<string> = new Set(["IS", "IS NOT", "BETWEEN", "LIKE", "SOUNDS LIKE", "INTERVAL"]);

function fallible(context: Context, flow: Flow, total: boolean): Flow {
  if (total) return flow;
  context.trace.recorder.use(flow, "fallible");
  return { ...flow, fallible: true };
}

/** Servers stop at the operand that settles the result (AND, IN, NULL): whether another one fails then tells the values before it. */
function combined(context: Context, flows: readonly Flow[]): Flow {
  const flow = derive(flows);
  if (flow.fallible) context.trace.recorder.use(flow, "fallible");
  return flow;
}

function caseFlow(context: Context, expression: Expression & { kind: "case" }): Flow {
  const { operand, branches, otherwise } = expression;
  const conditions = [...(operand === null ? [] : [operand]), ...branches.map((branch) => branch.when)].map((one) =>
    flowOf(context, one),
  );
  for (const flow of conditions) context.trace.recorder.use(flow, "condition");
  const results = [...branches.map((branch) => branch.result), ...(otherwise === null ? [] : [otherwise])];
  return derive([...conditions, ...results.map((one) => flowOf(context, one))]);
}

/** Functions whose first argument decides which of the others is computed. */
const CHOOSING: ReadonlySet<string> = new Set(["if", "elt", "nvl2"]);

/** VALUES(column): what is inserted; outside ON DUPLICATE KEY UPDATE, and for columns not inserted, as the column itself. */
function insertedFlow(context: Context, column: string): Flow {
  const flow = context.trace.inserted.get(foldColumn(column));
  return flow ?? derive([readColumn(context, { kind: "column", schema: null, table: null, column })]);
}

/** Outputs of a subquery; `existence`: only whether there is a row matters. */
export function subquery(context: Context, query: Query, existence: boolean): readonly Output[] {
  context.trace.recorder.flags.add("subquery");
  const { scope } = context;
  const outer =
    scope.subqueryAliases.length === 0 ? scope : { ...scope, aliases: [...scope.aliases, ...scope.subqueryAliases] };
  return traceQuery({ ...context, scope: outer }, query, existence);
}

/** The columns a subquery is compared by. */
export function comparedOutputs(context: Context, query: Query): readonly Flow[] {
  const flows = subquery(context, query, false).map((output) => output.flow);
  for (const flow of flows) context.trace.recorder.use(flow, "subquery");
  return flows;
}

/** IS NULL of a plain column tells one bit and no value; of anything else it is a computation. */
export function nullTest(context: Context, operand: Expression): Flow {
  if (operand.kind !== "column") return derive([flowOf(context, operand)]);
  const flow = readColumn(context, operand);
  if (flow.kind === "derived") return derive([flow]);
  context.trace.recorder.use(flow, "null_test");
  return CONSTANT;
}

function callFlow(context: Context, call: FunctionCall): Flow {
  const { recorder } = context.trace;
  const name = call.name.name.toLowerCase();
  const builtIn = call.name.schema === null && !call.foreign;
  const pure = builtIn && isPure(name, call.args.length);
  recorder.call({
    name: builtIn ? name : call.name.name,
    schema: call.name.schema,
    effect: pure ? "pure" : "unknown",
  });
  const window = windowFlows(context, call);
  const ordered = call.orderBy.map((item) => flowOf(context, item));
  for (const flow of ordered) recorder.use(flow, "ordering");
  const [argument] = call.args;
  const single = call.args.length === 1 && argument?.kind === "column" ? argument : null;
  if (builtIn && single !== null && !call.distinct && (name === "count" || name === "isnull")) {
    const flow = readColumn(context, single);
    if (flow.kind !== "derived") {
      recorder.use(flow, name === "count" ? "count" : "null_test");
      return derive(window);
    }
    return derive([flow, ...window]);
  }
  const args = call.args.map((item) => flowOf(context, item));
  if (call.distinct) for (const flow of args) recorder.use(flow, "distinct");
  const [first] = args;
  if (CHOOSING.has(name) && first !== undefined) recorder.use(first, "condition");
  const total = builtIn && isTotal(name);
  if (!total) for (const flow of args) recorder.use(flow, "fallible");
  const flows = [...args, ...ordered, ...window];
  const result = CHOOSING.has(name) ? derive(flows) : combined(context, flows);
  return total ? result : { ...result, fallible: true };
}

function windowFlows(context: Context, call: FunctionCall): readonly Flow[] {
  if (call.over === null) return [];
  const flows = [...call.over.partitionBy, ...call.over.orderBy, ...call.over.frame].map((item) =>
    flowOf(context, item),
  );
  for (const flow of flows) context.trace.recorder.use(flow, "window");
  return flows;
}
