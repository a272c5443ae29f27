import { foldColumn } from "../catalogue";
import type { Expression, OrderItem, Query, SelectBlock, SelectItem, SetOperation, ValueRef, With } from "../model";
import { Refusal } from "../parse/cursor";
import { both, traceCondition } from "./condition";
import { flowOf, recordRead } from "./expression";
import { derive, type Flow, type Output, outward, unite } from "./flow";
import { occurrences, type ResolvedFrom, scopeOf, traceFrom } from "./from";
import { Recorder } from "./recorder";
import { checkName, EMPTY_SCOPE, type Scope, type ScopeColumn, sourcesNamed } from "./scope";
import type { CommonScope, Context } from "./trace";

/** The servers' own limits: more tables in one join, or more result columns, they refuse. */
const MAX_SOURCES = 61;
const MAX_OUTPUTS = 4_096;

/** Rounds after which the columns of a recursive common table must not change any more. */
const MAX_ROUNDS = 20;

/**
 * Resolves and traces a query. `context.scope` is what surrounds it. `existence`: only whether it has rows matters, so
 * a star selects nothing.
 */
export function traceQuery(context: Context, query: Query, existence: boolean): readonly Output[] {
  const inside = query.with === null ? context : { ...context, common: traceWithList(context, query.with) };
  recordLimit(context, query);
  if (query.body.kind === "set") {
    const outputs = traceSet(inside, query.body);
    traceOrder({ ...inside, scope: { ...EMPTY_SCOPE, aliases: outputs } }, query.orderBy, outputs);
    return outputs;
  }
  return traceBlock(inside, query.body, query.orderBy, existence);
}

function recordLimit(context: Context, query: Query): void {
  if (query.limit === null || context.trace.view !== null) return;
  context.trace.recorder.role(query.limit.count, { role: "limit" });
  if (query.limit.offset !== null) context.trace.recorder.role(query.limit.offset, { role: "offset" });
}

/** The common tables of WITH, in sight of what follows. */
export function traceWithList(context: Context, list: With): CommonScope | null {
  let common = context.common;
  list.tables.forEach((table, index) => {
    const later = list.recursive ? list.tables.slice(index + 1) : [];
    const pending = later.reduce<CommonScope | null>(
      (outer, one) => ({ name: checkName(one.name), outputs: null, outer }),
      common,
    );
    const named = (outputs: readonly Output[]) => renamed(outputs, table.columns);
    const recursive = list.recursive && table.query.body.kind === "set";
    const outputs = recursive
      ? traceRecursive({ ...context, common: pending }, table.name, table.query, named)
      : named(traceQuery({ ...context, common: pending }, table.query, false));
    common = { name: checkName(table.name), outputs, outer: common };
  });
  return common;
}

function renamed(outputs: readonly Output[], names: readonly string[] | null): readonly Output[] {
  if (names !== null && names.length !== outputs.length) {
    throw new Refusal("UNSUPPORTED", "a column list that does not fit its query", null);
  }
  return outputs.map((output, index) => ({ name: names?.[index] ?? output.name, flow: outward(output.flow) }));
}

/** Starts from the first branch and repeats until nothing new flows in; the last round is the one that is recorded. */
function traceRecursive(
  context: Context,
  name: string,
  query: Query,
  named: (outputs: readonly Output[]) => readonly Output[],
): readonly Output[] {
  context.trace.recorder.flags.add("recursive");
  const trial = () => ({ ...context, trace: { ...context.trace, recorder: new Recorder() } });
  const withName = (base: Context, outputs: readonly Output[]): Context => ({
    ...base,
    common: { name: checkName(name), outputs, outer: base.common },
  });
  let seed = query;
  while (seed.body.kind === "set") seed = seed.body.left;
  let outputs = named(traceQuery(withName(trial(), []), { ...seed, with: query.with }, false));
  for (let round = 0; ; round += 1) {
    if (round === MAX_ROUNDS) throw new Refusal("TOO_COMPLEX", "its recursive common table does not settle", null);
    const next = named(traceQuery(withName(trial(), outputs), query, false));
    const settled = next.every((output, index) => sameFlow(output.flow, outputs[index]?.flow));
    outputs = next;
    if (settled) break;
  }
  return named(traceQuery(withName(context, outputs), query, false));
}

function sameFlow(left: Flow, right: Flow | undefined): boolean {
  return (
    right !== undefined &&
    left.kind === right.kind &&
    left.columns.size === right.columns.size &&
    left.viewColumns.size === right.viewColumns.size
  );
}

function traceSet(context: Context, operation: SetOperation): readonly Output[] {
  const { recorder } = context.trace;
  recorder.flags.add("set_operation");
  const left = traceQuery(context, operation.left, false);
  const right = traceQuery(context, operation.right, false);
  if (left.length !== right.length) {
    throw new Refusal("UNSUPPORTED", "a set operation whose sides have different numbers of columns", null);
  }
  if (operation.operator !== "union all") {
    for (const output of [...left, ...right]) recorder.use(output.flow, "distinct");
  }
  return left.map((output, index) => ({
    name: output.name,
    flow: unite(output.flow, right[index]?.flow ?? output.flow),
  }));
}

const EMPTY_FROM: ResolvedFrom = { sources: [], columns: [], uncertainOrder: false, pins: new Map() };

function traceBlock(
  context: Context,
  block: SelectBlock,
  orderBy: readonly OrderItem[],
  existence: boolean,
): readonly Output[] {
  const { recorder, budget } = context.trace;
  budget.left -= 1;
  if (budget.left < 0) throw new Refusal("TOO_COMPLEX", "it needs too many queries", null);
  const around: Context = { ...context, scope: { ...EMPTY_SCOPE, outer: context.scope } };
  const from = block.from === null ? EMPTY_FROM : traceFrom(around, block.from);
  if (from.sources.length > MAX_SOURCES) throw new Refusal("TOO_COMPLEX", "it joins too many tables", null);
  const hidden = new Set(block.items.flatMap(explicitAlias));
  const scope: Scope = { ...scopeOf(from, context.scope), hidden };
  const inside: Context = { ...context, scope };
  const own = occurrences(from);
  const where =
    block.where === null
      ? from.pins
      : both(from.pins, traceCondition(inside, block.where, { place: "predicate", own }));
  for (const { occurrence, pins } of where.values()) recorder.pin(occurrence, pins);
  // DISTINCT compares all that a star stands for, and LIMIT then tells how many there are.
  const outputs = traceItems(inside, block.items, existence && !block.distinct);
  const aliased: Context = { ...context, scope: { ...scope, aliases: outputs } };
  for (const item of block.groupBy) recorder.use(positionOr(aliased, item, outputs), "grouping");
  if (block.having !== null) traceCondition(aliased, block.having, { place: "predicate", own: new Set() });
  if (block.distinct) for (const output of outputs) recorder.use(output.flow, "distinct");
  traceOrder(aliased, orderBy, outputs);
  return outputs;
}

/** The folded alias of an item, unless it is the name of the column it selects. */
function explicitAlias(item: SelectItem): readonly string[] {
  if (item.kind === "star" || item.name === null) return [];
  const { expression } = item;
  const own = expression.kind === "column" && foldColumn(expression.column) === foldColumn(item.name);
  return own ? [] : [foldColumn(item.name)];
}

/** Select items in order; every item's subqueries see the aliases before it. */
export function traceItems(context: Context, items: readonly SelectItem[], existence: boolean): readonly Output[] {
  const outputs: Output[] = [];
  for (const item of items) {
    if (outputs.length > MAX_OUTPUTS) throw new Refusal("TOO_COMPLEX", "it has too many columns", null);
    if (item.kind === "star") {
      if (!existence) outputs.push(...expandStar(context, item));
      continue;
    }
    const scope: Scope = { ...context.scope, subqueryAliases: [...outputs] };
    const flow = flowOf({ ...context, scope }, item.expression);
    outputs.push({ name: item.name === null ? null : checkName(item.name), flow });
  }
  return outputs;
}

function expandStar(context: Context, star: SelectItem & { kind: "star" }): readonly Output[] {
  const { scope, trace } = context;
  const written = scope.sources.some((source) => source.alias !== null);
  if (written) trace.recorder.flags.add("select_star");
  const columns = starColumns(context, star);
  for (const column of columns) recordRead(context, column.flow);
  if (columns.length === 0) throw new Refusal("UNSUPPORTED", "a star without a table", null);
  if (star.table === null && scope.uncertainOrder) {
    throw new Refusal("UNSUPPORTED", "* beside this join: name the columns", null);
  }
  return columns.map((column) => ({ name: column.name === "" ? null : column.name, flow: column.flow }));
}

function starColumns(context: Context, star: SelectItem & { kind: "star" }): readonly ScopeColumn[] {
  const { scope, trace } = context;
  const visible = (columns: readonly ScopeColumn[]) => columns.filter((column) => !column.invisible);
  if (star.table === null) return visible(scope.columns);
  const [source, more] = sourcesNamed(scope, star.schema, star.table, trace.catalogue);
  if (source === undefined) throw new Refusal("UNKNOWN_NAME", `the table ${star.table} is not known here`, null);
  if (more !== undefined) throw new Refusal("AMBIGUOUS_NAME", `the table ${star.table} is ambiguous`, null);
  return visible(source.columns);
}

function traceOrder(context: Context, orderBy: readonly OrderItem[], outputs: readonly Output[]): void {
  for (const item of orderBy) context.trace.recorder.use(positionOr(context, item.expression, outputs), "ordering");
}

/** ORDER BY 2 and GROUP BY 2 mean the second output; anything else is an expression. */
function positionOr(context: Context, expression: Expression, outputs: readonly Output[]): Flow {
  if (isHiddenPosition(expression))
    return derive([flowOf(context, expression), ...outputs.map((output) => output.flow)]);
  if (expression.kind !== "literal") return flowOf(context, expression);
  const literal = context.trace.literals[expression.literal];
  if (literal?.kind !== "number") return flowOf(context, expression);
  const output = outputs[Number(literal.value) - 1];
  if (literal.form !== "integer" || output === undefined) {
    throw new Refusal("UNKNOWN_NAME", `there is no column ${literal.value} to order or group by`, null);
  }
  return output.flow;
}

/**
 * What servers could read as a position though it is not written as one: they compute TRUE, NOT FALSE, +2 and - -2 while they parse,
 * and an integer that is bound to a parameter is one, too.
 */
function isHiddenPosition(expression: Expression): boolean {
  if (expression.kind === "literal" || (expression.kind === "constant" && expression.word === "NULL")) return false;
  return isConstant(expression);
}

/** Neither a column nor a call in it. */
function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case "literal":
    case "parameter":
    case "constant":
      return true;
    case "not":
    case "isNull":
      return isConstant(expression.operand);
    case "binary":
      return isConstant(expression.left) && isConstant(expression.right);
    case "operation":
      return expression.operands.every(isConstant);
    default:
      return false;
  }
}

/** The values that bound a query's rows, see AnalysedLimit. */
export function limitTerms(query: Query): {
  readonly present: boolean;
  readonly terms: readonly (ValueRef | { readonly kind: "rows"; readonly rows: number })[];
} {
  if (query.limit !== null) return { present: true, terms: [query.limit.count] };
  const { body } = query;
  if (body.kind === "set") {
    const sides = [limitTerms(body.left), limitTerms(body.right)];
    const bounded = sides.every((side) => side.terms.length > 0);
    return { present: sides.every((side) => side.present), terms: bounded ? sides.flatMap((side) => side.terms) : [] };
  }
  if (body.from === null) return { present: false, terms: [{ kind: "rows", rows: 1 }] };
  if (body.from.kind === "derived" && body.from.alias === null) return limitTerms(body.from.query);
  return { present: false, terms: [] };
}
