import type { Draft, Item, Seen } from "./draft";
import type { ColumnKind, Tint } from "./shop-columns";

/** Writes subqueries: expressions need them, and they need expressions. */
export interface Subqueries {
  /** A query of one column in sight of `outer`; null where it would be too deep. */
  scalar(draft: Draft, depth: number, outer: readonly Seen[]): string | null;
  /** A query of which only the rows count. */
  correlated(draft: Draft, depth: number, outer: readonly Seen[]): string | null;
  membership(draft: Draft, depth: number, outer: readonly Seen[]): string | null;
}

const blend = (parts: readonly Seen[]): Tint => (parts.some((one) => one.tint !== "clear") ? "computed" : "clear");

/** One item of a select list: a column as it is, or something computed. */
export function item(draft: Draft, subqueries: Subqueries, depth: number, scope: readonly Seen[]): Item {
  const masked = scope.filter((one) => one.tint === "masked");
  const shown = draft.pick(masked.length > 0 && draft.chance(0.45) ? masked : scope);
  if (draft.chance(0.55) && (draft.wild || shown.tint !== "computed")) {
    return { ...shown, sql: draft.chance(0.06) ? `(${shown.sql})` : shown.sql, plain: true };
  }
  if (masked.length > 0 && draft.chance(0.25)) return hiddenWhole(draft, draft.pick(masked), scope);
  return { ...computed(draft, subqueries, depth, scope), plain: false };
}

/** A computation over a masked column that fails for no value: where its mask lets it pass, no value may be told by it. */
function hiddenWhole(draft: Draft, column: Seen, scope: readonly Seen[]): Item {
  const { kind, sql } = column;
  const other = draft.usable(scope, kind);
  const computation = draft.pick([
    `NULLIF(${sql}, ${draft.guess(kind)})`,
    `NULLIF(LEFT(${sql}, 5), RIGHT(${sql}, 5))`,
    `NULLIF(RIGHT(${sql}, 1), '7')`,
    `NULLIF(${sql} > ${draft.guess(kind)}, 1)`,
    `YEAR(${sql})`,
    `CONCAT(${sql}, '/', ${other === null ? "'x'" : other.sql})`,
    `COALESCE(NULLIF(${sql}, ${draft.guess(kind)}), ${other === null ? "'x'" : other.sql})`,
    `LENGTH(${sql})`,
    `${sql} IN (${draft.guess(kind)}, ${draft.guess(kind)})`,
  ]);
  return { sql: computation, kind: "text", tint: "computed", plain: false };
}

function computed(draft: Draft, subqueries: Subqueries, depth: number, scope: readonly Seen[]): Seen {
  if (draft.chance(0.08)) {
    const tested = draft.pick(scope);
    if (tested.tint !== "computed")
      return { sql: `${tested.sql} IS ${draft.pick(["", "NOT "])}NULL`, kind: "number", tint: "clear" };
  }
  const one = draft.usable(scope);
  if (one === null || draft.chance(0.08))
    return { sql: draft.guess(draft.pick(["text", "number", "date"])), kind: "text", tint: "clear" };
  const other = draft.usable(scope, one.kind) ?? one;
  const choice = draft.int(depth > 0 ? 12 : 8);
  const both = blend([one, other]);
  switch (choice) {
    case 0:
      return {
        sql: `CASE WHEN ${condition(draft, subqueries, 0, scope)} THEN ${one.sql} ELSE ${other.sql} END`,
        kind: one.kind,
        tint: both,
      };
    case 1:
      return {
        sql: `IF(${comparison(draft, scope)}, ${one.sql}, ${draft.guess(one.kind)})`,
        kind: one.kind,
        tint: blend([one]),
      };
    case 2:
      return { sql: `COALESCE(${one.sql}, ${other.sql}, ${draft.guess(one.kind)})`, kind: one.kind, tint: both };
    case 3:
      return {
        sql: `NULLIF(${one.sql}, ${draft.chance(0.5) ? other.sql : draft.guess(one.kind)})`,
        kind: one.kind,
        tint: both,
      };
    case 4:
      return { sql: `(${comparison(draft, scope)})`, kind: "number", tint: both };
    case 8:
    case 9: {
      const query = subqueries.scalar(draft, depth - 1, scope);
      return query === null ? one : { sql: `(${query})`, kind: "number", tint: "clear" };
    }
    case 10: {
      const query = subqueries.correlated(draft, depth - 1, scope);
      return query === null ? one : { sql: `EXISTS (${query})`, kind: "number", tint: "clear" };
    }
    default:
      return called(draft, one, other);
  }
}

/** Functions by the kind of their argument; `{a}` and `{b}` are columns of that kind. */
const CALLS: Readonly<Record<ColumnKind, readonly (readonly [string, ColumnKind])[]>> = {
  text: [
    ["UPPER({a})", "text"],
    ["SUBSTRING({a}, 2, 3)", "text"],
    ["CONCAT({a}, '-', {b})", "text"],
    ["CONCAT_WS('/', {a}, {b})", "text"],
    ["CHAR_LENGTH({a})", "number"],
    ["HEX({a})", "text"],
    ["MD5({a})", "text"],
    ["LOCATE('a', {a})", "number"],
    ["REPLACE({a}, 'a', 'o')", "text"],
    ["CAST({a} AS SIGNED)", "number"],
    ["JSON_OBJECT('v', {a})", "text"],
    ["{a} + 0", "number"],
    ["GREATEST({a}, {b})", "text"],
    ["TRIM(LEADING '6' FROM {a})", "text"],
  ],
  number: [
    ["{a} + {b}", "number"],
    ["{a} * 2 - 1", "number"],
    ["{a} DIV 7", "number"],
    ["1 / {a}", "number"],
    ["ROUND({a}, 1)", "number"],
    ["CAST({a} AS CHAR)", "text"],
    ["LEAST({a}, {b})", "number"],
    ["{a} % 10", "number"],
    ["-{a}", "number"],
    ["FORMAT({a}, 2)", "text"],
  ],
  date: [
    ["YEAR({a})", "number"],
    ["DATE_FORMAT({a}, '%Y-%m')", "text"],
    ["DATEDIFF({a}, {b})", "number"],
    ["{a} + INTERVAL 1 DAY", "date"],
    ["CAST({a} AS CHAR)", "text"],
    ["LAST_DAY({a})", "date"],
    ["EXTRACT(MONTH FROM {a})", "number"],
  ],
};

function called(draft: Draft, one: Seen, other: Seen): Seen {
  const [pattern, kind] = draft.pick(CALLS[one.kind]);
  const used = pattern.includes("{b}") ? [one, other] : [one];
  return { sql: pattern.replaceAll("{a}", one.sql).replaceAll("{b}", other.sql), kind, tint: blend(used) };
}

const AGGREGATES: Readonly<Record<ColumnKind, readonly string[]>> = {
  text: [
    "MAX({a})",
    "MIN({a})",
    "COUNT(DISTINCT {a})",
    "GROUP_CONCAT({a} ORDER BY {a} SEPARATOR ';')",
    "JSON_ARRAYAGG({a})",
  ],
  number: ["SUM({a})", "AVG({a})", "MIN({a})", "MAX({a})", "COUNT(DISTINCT {a})", "STD({a})", "BIT_XOR({a})"],
  date: ["MIN({a})", "MAX({a})", "COUNT({a})"],
};

export function aggregate(draft: Draft, scope: readonly Seen[]): Item {
  if (draft.chance(0.2)) return { sql: "COUNT(*)", kind: "number", tint: "clear", plain: false };
  const counted = draft.pick(scope);
  if (draft.chance(0.2) && (draft.wild || counted.tint !== "computed")) {
    return { sql: `COUNT(${counted.sql})`, kind: "number", tint: "clear", plain: false };
  }
  const one = draft.usable(scope);
  if (one === null) return { sql: "COUNT(*)", kind: "number", tint: "clear", plain: false };
  return {
    sql: draft.pick(AGGREGATES[one.kind]).replaceAll("{a}", one.sql),
    kind: "number",
    tint: blend([one]),
    plain: false,
  };
}

const WINDOWS = [
  "ROW_NUMBER()",
  "RANK()",
  "DENSE_RANK()",
  "COUNT(*)",
  "NTILE(3)",
  "LAG({a})",
  "LEAD({a})",
  "FIRST_VALUE({a})",
  "SUM({n})",
];

/** A value over a window. Rows that the window's order does not tell apart come in the order in which they are read. */
export function windowed(draft: Draft, scope: readonly Seen[]): Item {
  const order = draft.usable(scope);
  const argument = draft.usable(scope);
  const number = draft.usable(scope, "number");
  if (order === null || argument === null || number === null) return aggregate(draft, scope);
  const call = draft.pick(WINDOWS).replace("{a}", argument.sql).replace("{n}", number.sql);
  const partition = draft.chance(0.4) ? `PARTITION BY ${number.sql} ` : "";
  const sql = `${call} OVER (${partition}ORDER BY ${order.sql}${draft.pick(["", " DESC"])})`;
  return { sql, kind: "number", tint: blend([order, argument, number]), plain: false };
}

export function comparison(draft: Draft, scope: readonly Seen[]): string {
  if (draft.chance(0.12)) {
    const tested = draft.pick(scope);
    if (tested.tint !== "computed") return `${tested.sql} IS ${draft.pick(["", "NOT "])}NULL`;
  }
  const left = draft.usable(scope);
  if (left === null) return "1 = 1";
  const right = draft.usable(scope, left.kind) ?? left;
  const guess = () => draft.guess(left.kind);
  switch (draft.int(9)) {
    case 0:
      return `${left.sql} ${draft.pick(["<", "<=", ">", ">=", "<>"])} ${guess()}`;
    case 1:
      return `${left.sql} BETWEEN ${guess()} AND ${guess()}`;
    case 2:
      return `${left.sql} ${draft.pick(["", "NOT "])}IN (${guess()}, ${guess()}, ${guess()})`;
    case 3:
      return left.kind === "text"
        ? `${left.sql} LIKE ${draft.value(draft.pick(["%a%", "M%", "6%", "%1", "_o%"]))}`
        : `${left.sql} > ${guess()}`;
    case 4:
      return `${left.sql} ${draft.pick(["=", "<", ">=", "<=>"])} ${right.sql}`;
    case 5:
      return `${guess()} ${draft.pick(["=", "<", ">"])} ${left.sql}`;
    default:
      return `${left.sql} ${draft.pick(["=", ">", "<>", "<>", ">="])} ${guess()}`;
  }
}

export function condition(draft: Draft, subqueries: Subqueries, depth: number, scope: readonly Seen[]): string {
  switch (draft.int(depth > 0 ? 9 : 5)) {
    case 0:
      return `(${condition(draft, subqueries, depth - 1, scope)} OR ${comparison(draft, scope)})`;
    case 1:
      return `${comparison(draft, scope)} AND ${comparison(draft, scope)}`;
    case 2:
      return `NOT (${comparison(draft, scope)})`;
    case 5: {
      const query = subqueries.correlated(draft, depth - 1, scope);
      return query === null ? comparison(draft, scope) : `${draft.pick(["", "NOT "])}EXISTS (${query})`;
    }
    case 6: {
      const query = subqueries.membership(draft, depth - 1, scope);
      const left = draft.usable(scope, "number");
      return query === null || left === null
        ? comparison(draft, scope)
        : `${left.sql} ${draft.pick(["IN", "NOT IN", "= ANY", "> ALL"])} (${query})`;
    }
    case 7: {
      const query = subqueries.scalar(draft, depth - 1, scope);
      const left = draft.usable(scope, "number");
      return query === null || left === null
        ? comparison(draft, scope)
        : `${left.sql} ${draft.pick(["=", ">", "<="])} (${query})`;
    }
    default:
      return comparison(draft, scope);
  }
}
