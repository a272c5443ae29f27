import { Draft, type Guesses, type Item, type Seen, type ShopStatement } from "./draft";
import { SHOP_SOURCES, SHOP_TRAPS, type ShopColumn } from "./shop-columns";
import { aggregate, comparison, condition, item, type Subqueries, windowed } from "./shop-expressions";

/** A table, view, derived table or common table of a FROM clause. */
interface Source {
  readonly sql: string;
  readonly alias: string;
  readonly columns: readonly ShopColumn[];
}

interface Written {
  readonly sql: string;
  readonly columns: readonly ShopColumn[];
}

/** How many statements do as they like; the others use masked columns only where that is allowed. */
const WILD_SHARE = 0.3;

/** A SELECT over the shop, the same for one seed: most are valid, and most of those can be answered with masks on. */
export function shopStatement(seed: number, guesses: Guesses): ShopStatement {
  const draft = new Draft(seed, guesses, WILD_SHARE);
  return draft.finish(query(draft, 2, [], draft.int(4) + 1, true, []).sql);
}

const SUBQUERIES: Subqueries = {
  scalar: (draft, depth, outer) => {
    if (depth < 0) return null;
    const inner = source(draft, 0, []);
    const scope = seen([inner]);
    const where = draft.chance(0.5) ? ` WHERE ${joined(draft, scope, outer)}` : "";
    return `SELECT ${aggregate(draft, draft.wild ? scope : scope.filter((one) => one.tint === "clear")).sql} FROM ${inner.sql}${where}`;
  },
  correlated: (draft, depth, outer) => {
    if (depth < 0) return null;
    const inner = source(draft, 0, []);
    const scope = seen([inner]);
    return `SELECT ${draft.pick(["1", "*", draft.pick(scope).sql])} FROM ${inner.sql} WHERE ${joined(draft, scope, outer)}`;
  },
  membership: (draft, depth, outer) => {
    if (depth < 0) return null;
    const inner = source(draft, 0, []);
    const scope = seen([inner]);
    const column = draft.usable(scope, "number");
    return column === null
      ? null
      : `SELECT ${column.sql} FROM ${inner.sql} WHERE ${draft.chance(0.3) ? joined(draft, scope, outer) : comparison(draft, scope)}`;
  },
};

/** A condition between the rows of two scopes; by numbers, which are mostly keys. */
function joined(draft: Draft, left: readonly Seen[], right: readonly Seen[]): string {
  const kind = draft.wild ? draft.pick(["number", "number", "text", "date"] as const) : "number";
  const one = draft.usable(left, kind);
  const other = draft.usable(right, kind);
  // No rows rather than all pairs of them.
  if (one === null || other === null) return draft.usable(left) === null ? "1 = 0" : comparison(draft, left);
  return `${one.sql} ${draft.chance(0.97) ? "=" : "<"} ${other.sql}`;
}

function seen(sources: readonly Source[]): readonly Seen[] {
  return sources.flatMap(({ alias, columns }) =>
    columns.map(({ name, kind, tint }) => ({ sql: `${alias}.${name}`, kind, tint })),
  );
}

/** A query; `free`: stars and unnamed columns may stand in it. Its columns are named c1, c2 ... otherwise. */
function query(
  draft: Draft,
  depth: number,
  outer: readonly Seen[],
  width: number,
  free: boolean,
  common: readonly Source[],
): Written {
  const known = [...common];
  let head = "";
  if (depth > 0 && draft.chance(0.2)) {
    const [alias, inner] = [draft.name("w"), query(draft, depth - 1, [], draft.int(3) + 1, false, known)];
    known.push({ sql: alias, alias, columns: inner.columns });
    head = `WITH ${alias} AS (${inner.sql}) `;
  } else if (depth > 1 && draft.chance(0.08)) {
    const alias = draft.name("r");
    known.push({ sql: alias, alias, columns: RECURSIVE });
    head = `WITH RECURSIVE ${alias} (n, who, pay) AS (SELECT id, name, salary FROM employees WHERE manager_id IS NULL
 UNION ALL SELECT e.id, e.name, e.salary FROM employees e JOIN ${alias} ON e.manager_id = ${alias}.n) `;
  }
  const several = draft.chance(0.15);
  const first = block(draft, depth, outer, width, free && !several, known);
  if (!several) return { sql: `${head}${first.sql}${tail(draft, first)}`, columns: first.columns };
  const second = block(draft, depth, outer, width, false, known);
  const columns = first.columns.map((column, index) => ({ ...column, tint: mixed(column, second.columns[index]) }));
  const clear = columns.every((one) => one.tint === "clear");
  const operator =
    clear || draft.wild
      ? draft.pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"])
      : "UNION ALL";
  const body = { sql: `${first.sql} ${operator} ${second.sql}`, columns };
  return { sql: `${head}${body.sql}${draft.chance(0.5) ? ordered(draft, body) : ""}`, columns };
}

const RECURSIVE: readonly ShopColumn[] = [
  { name: "n", kind: "number", tint: "clear" },
  { name: "who", kind: "text", tint: "clear" },
  { name: "pay", kind: "number", tint: "masked" },
];

function mixed(left: ShopColumn, right: ShopColumn | undefined): ShopColumn["tint"] {
  if (left.tint === "computed" || right?.tint === "computed") return "computed";
  return left.tint === "masked" || right?.tint === "masked" ? "masked" : "clear";
}

function tail(draft: Draft, { columns }: Written): string {
  return draft.chance(0.35) ? ordered(draft, { sql: "", columns }) : limited(draft, 0.35);
}

function ordered(draft: Draft, { columns }: Written): string {
  const positions = columns.flatMap((one, index) => (draft.wild || one.tint === "clear" ? [index + 1] : []));
  if (positions.length === 0) return limited(draft, 0.3);
  return ` ORDER BY ${draft.pick(positions)}${draft.pick(["", " DESC"])}${limited(draft, 0.5)}`;
}

function limited(draft: Draft, share: number): string {
  if (!draft.chance(share)) return "";
  return ` LIMIT ${draft.value(draft.int(9) + 1)}${draft.chance(0.3) ? ` OFFSET ${draft.value(draft.int(6))}` : ""}`;
}

function block(
  draft: Draft,
  depth: number,
  outer: readonly Seen[],
  width: number,
  free: boolean,
  common: readonly Source[],
): Written {
  const { sql, sources, joinedOnly } = from(draft, depth, common);
  const own = seen(sources);
  const scope = draft.chance(0.1) ? [...own, ...outer] : own;
  const grouped = draft.chance(0.15) ? draft.usable(own) : null;
  const items: Item[] = [];
  for (let left = width; left > 0; left -= 1) {
    if (grouped !== null) items.push(draft.chance(0.6) ? aggregate(draft, own) : { ...grouped, plain: true });
    else items.push(draft.chance(0.1) ? windowed(draft, own) : item(draft, SUBQUERIES, depth, scope));
  }
  const columns = items.map(
    ({ kind, tint, plain }, index): ShopColumn => ({
      name: `c${index + 1}`,
      kind,
      tint: plain ? tint : tint === "clear" ? "clear" : "computed",
    }),
  );
  const list = items.map((one, index) => (free && draft.chance(0.3) ? one.sql : `${one.sql} AS c${index + 1}`));
  const star =
    free && grouped === null && draft.chance(0.2)
      ? joinedOnly && draft.chance(0.5)
        ? "*"
        : `${draft.pick(sources).alias}.*`
      : null;
  if (star !== null) list.splice(0, list.length, star);
  const clear = columns.every((one) => one.tint === "clear") && star === null;
  let text = `SELECT ${(clear || draft.wild) && draft.chance(0.12) ? "DISTINCT " : ""}${list.join(", ")} FROM ${sql}`;
  if (draft.chance(0.45)) text += ` WHERE ${condition(draft, SUBQUERIES, depth, scope)}`;
  if (grouped !== null) {
    text += ` GROUP BY ${grouped.sql}`;
    if (draft.chance(0.4))
      text += ` HAVING ${draft.pick(["COUNT(*) > 1", `MAX(${(draft.usable(own, "number") ?? grouped).sql}) > ${draft.value(3)}`])}`;
  }
  // A star's columns are not known by position.
  return { sql: text, columns: star === null ? columns : [] };
}

function source(draft: Draft, depth: number, common: readonly Source[]): Source {
  if (common.length > 0 && draft.chance(0.5)) {
    const table = draft.pick(common);
    const alias = draft.name("t");
    return { ...table, sql: `${table.sql} ${alias}`, alias };
  }
  if (depth > 0 && draft.chance(0.22)) {
    const alias = draft.name("d");
    const inner = query(draft, depth - 1, [], draft.int(3) + 1, false, common);
    return { sql: `(${inner.sql}) ${draft.pick(["", "AS "])}${alias}`, alias, columns: inner.columns };
  }
  const tables = Object.entries(draft.wild && draft.chance(0.2) ? SHOP_TRAPS : SHOP_SOURCES);
  const favoured = tables.filter(([name]) => name === "customers" || name === "employees" || name === "orders");
  const [table, columns] = draft.pick(favoured.length > 0 && draft.chance(0.5) ? favoured : tables);
  const alias = draft.name("t");
  return { sql: `${table} ${alias}`, alias, columns };
}

function from(
  draft: Draft,
  depth: number,
  common: readonly Source[],
): { readonly sql: string; readonly sources: readonly Source[]; readonly joinedOnly: boolean } {
  const first = source(draft, depth, common);
  const sources = [first];
  let { sql } = first;
  let joinedOnly = true;
  for (let more = draft.pick([0, 0, 0, 1, 1, 2]); more > 0; more -= 1) {
    const right = source(draft, depth - 1, common);
    const left = seen(sources);
    const on = () => joined(draft, seen([right]), left);
    const shared = right.columns.filter(
      (column) =>
        (draft.wild || column.tint === "clear") &&
        sources.length === 1 &&
        first.columns.some((one) => one.name === column.name && (draft.wild || one.tint === "clear")),
    );
    switch (draft.int(9)) {
      case 0:
        // Every pair of rows: only beside something small.
        sql = `${sql} CROSS JOIN (SELECT id AS k, category AS v FROM products ORDER BY id LIMIT 3) ${right.alias}`;
        sources.push({
          sql: "",
          alias: right.alias,
          columns: [
            { name: "k", kind: "number", tint: "clear" },
            { name: "v", kind: "text", tint: "clear" },
          ],
        });
        continue;
      case 1:
      case 2:
        if (shared.length === 0) break;
        sql = `${sql} ${draft.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN"])} ${right.sql} USING (${draft.pick(shared).name})`;
        joinedOnly = false;
        sources.push(right);
        continue;
      case 3:
        if (!draft.wild || sources.length > 1) break;
        sql = `${sql} NATURAL ${draft.pick(["JOIN", "LEFT JOIN"])} ${right.sql}`;
        joinedOnly = false;
        sources.push(right);
        continue;
      case 4: {
        const inner = source(draft, 0, []);
        const group = `(${right.sql} JOIN ${inner.sql} ON ${joined(draft, seen([right]), seen([inner]))})`;
        sql = `${sql} ${draft.pick(["JOIN", "LEFT JOIN"])} ${group} ON ${on()}`;
        sources.push(right, inner);
        continue;
      }
      default:
        break;
    }
    sql = `${sql} ${draft.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "INNER JOIN", "STRAIGHT_JOIN"])} ${right.sql} ON ${on()}`;
    sources.push(right);
  }
  return { sql, sources, joinedOnly };
}
