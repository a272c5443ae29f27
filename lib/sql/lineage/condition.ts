import type { Pin } from "../analysis";
import type { Expression, ValueRef } from "../model";
import { comparedOutputs, flowOf, nullTest, readColumn } from "./expression";
import type { Flow } from "./flow";
import type { Context } from "./trace";

/** Pins by occurrence and column. */
export type Pins = ReadonlyMap<string, { readonly occurrence: number; readonly pins: readonly Pin[] }>;

export const NO_PINS: Pins = new Map();

/** How a condition counts: `join` is ON; `own` are the occurrences of the FROM clause it filters. */
export interface ConditionPlace {
  readonly place: "predicate" | "join";
  readonly own: ReadonlySet<number>;
}

/** AND: what either side pins is pinned. */
export function both(left: Pins, right: Pins): Pins {
  return left.size === 0 ? right : right.size === 0 ? left : new Map([...left, ...right]);
}

/** OR: only what both sides pin is pinned, to any of the values. */
function either(left: Pins, right: Pins): Pins {
  const result = new Map<string, { occurrence: number; pins: readonly Pin[] }>();
  for (const [key, one] of left) {
    const other = right.get(key);
    if (other !== undefined) result.set(key, { occurrence: one.occurrence, pins: [...one.pins, ...other.pins] });
  }
  return result;
}

/** Records how the columns of a condition are used, and returns what holds in every row that passes it. */
export function traceCondition(context: Context, expression: Expression, place: ConditionPlace): Pins {
  switch (expression.kind) {
    case "binary":
      if (expression.operator === "AND") {
        return both(traceCondition(context, expression.left, place), traceCondition(context, expression.right, place));
      }
      if (expression.operator === "OR" || expression.operator === "XOR") {
        return either(
          traceCondition(context, expression.left, place),
          traceCondition(context, expression.right, place),
        );
      }
      if (expression.operator === "compare") break;
      return traceEquality(context, expression.left, expression.right, place);
    case "not":
      traceCondition(context, expression.operand, place);
      return NO_PINS;
    case "isNull":
      recordPlain(context, nullTest(context, expression.operand), place);
      return NO_PINS;
    case "in":
      if (expression.operand.kind === "column" && expression.items.length === 0) {
        return traceList(context, expression.operand, expression.values, expression.negated, place);
      }
      break;
    case "inQuery":
      if (expression.operand.kind === "column") {
        traceMembership(
          context,
          readColumn(context, expression.operand),
          comparedOutputs(context, expression.query),
          place,
        );
        return NO_PINS;
      }
      break;
    default:
      break;
  }
  recordPlain(context, flowOf(context, expression), place);
  return NO_PINS;
}

function recordPlain(context: Context, flow: Flow, place: ConditionPlace): void {
  context.trace.recorder.use(flow, place.place);
}

function isValue(expression: Expression): expression is ValueRef {
  return expression.kind === "literal" || expression.kind === "parameter";
}

function traceEquality(context: Context, left: Expression, right: Expression, place: ConditionPlace): Pins {
  if (left.kind === "row" && right.kind === "row" && left.items.length === right.items.length) {
    return left.items.reduce<Pins>((pins, item, index) => {
      const other = right.items[index];
      return other === undefined ? pins : both(pins, traceEquality(context, item, other, place));
    }, NO_PINS);
  }
  if (left.kind === "column" && isValue(right)) return traceList(context, left, [right], false, place);
  if (right.kind === "column" && isValue(left)) return traceList(context, right, [left], false, place);
  if (left.kind === "column" && right.kind === "column") {
    traceColumns(context, readColumn(context, left), readColumn(context, right), place);
    return NO_PINS;
  }
  recordPlain(context, flowOf(context, left), place);
  recordPlain(context, flowOf(context, right), place);
  return NO_PINS;
}

/** column = value, or column IN (values). */
function traceList(
  context: Context,
  column: Expression & { kind: "column" },
  values: readonly ValueRef[],
  negated: boolean,
  place: ConditionPlace,
): Pins {
  const { recorder, view } = context.trace;
  const flow = readColumn(context, column);
  const plain = flow.kind === "direct" && !negated;
  recorder.use(flow, plain && values.length === 1 ? "equality" : place.place);
  const [base] = flow.columns.keys();
  for (const value of values) {
    if (view !== null) continue;
    if (plain && base !== undefined) recorder.role(value, { role: "equality", column: flow.viewColumn ?? base, base });
    else recorder.role(value, { role: "other" });
  }
  const at = flow.place;
  if (!plain || at === null || view !== null || !place.own.has(at.occurrence)) return NO_PINS;
  if (at.textual && values.some((value) => comparesAsNumber(context, value))) return NO_PINS;
  const pins = values.map((value): Pin => ({ column: at.column, value, textual: at.textual }));
  return new Map([[`${at.occurrence}\0${at.column}`, { occurrence: at.occurrence, pins }]]);
}

/** Text compared with a number is compared as a number: `name = 0` is true for almost every name. */
function comparesAsNumber(context: Context, value: ValueRef): boolean {
  if (value.kind === "parameter") return false;
  const literal = context.trace.literals[value.literal];
  return literal === undefined || literal.kind === "number" || literal.kind === "bit";
}

function traceColumns(context: Context, left: Flow, right: Flow, place: ConditionPlace): void {
  const { recorder } = context.trace;
  const [leftBase, leftMore] = left.columns.keys();
  const [rightBase, rightMore] = right.columns.keys();
  const single = leftMore === undefined && rightMore === undefined;
  if (left.kind !== "direct" || right.kind !== "direct" || !single || !leftBase || !rightBase) {
    recorder.use(left, place.place);
    recorder.use(right, place.place);
    return;
  }
  recorder.use(left, "join_equality", rightBase);
  recorder.use(right, "join_equality", leftBase);
}

function traceMembership(context: Context, operand: Flow, outputs: readonly Flow[], place: ConditionPlace): void {
  const [output] = outputs;
  if (outputs.length === 1 && output !== undefined) traceColumns(context, operand, output, place);
  else recordPlain(context, operand, place);
}

/** Both sides of USING and NATURAL. */
export function traceShared(context: Context, left: Flow, right: Flow): void {
  traceColumns(context, left, right, { place: "join", own: new Set() });
}
