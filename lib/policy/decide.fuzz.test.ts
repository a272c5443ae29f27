import { describe, expect, it } from "vitest";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { lex } from "@/lib/sql/lexer";
import { SHOP } from "@/lib/sql/shop.fixture";
import { pick, rubbish, seeded } from "@/lib/sql/testing/random-statements";
import { compilePolicies } from "./compile";
import { literalValues } from "./literal-values";
import { decide, planFor } from "./plan";
import { policy } from "./rule";
import { type StatementContext, understand } from "./understand";
import { understandTemplate } from "./understand-template";

const context: StatementContext = {
  dialect: "mariadb",
  catalogue: compileCatalogue(SHOP),
  defaultSchema: "shop",
  pipesAsConcat: false,
};
const set = compilePolicies(
  [
    policy.parse({
      name: "p",
      identities: [],
      rules: [
        { name: "orders", effect: "allow", statements: ["select"], tables: ["shop.orders", "shop.items"] },
        {
          name: "refund",
          effect: "allow",
          template: "UPDATE orders SET status = ? WHERE id = ?",
          parameters: [{ in: ["refunded"] }],
        },
      ],
    }),
  ],
  (text) => understandTemplate(text, context),
);

function effectOf(bytes: Uint8Array) {
  const understood = understand(bytes, context);
  if (!understood.ok) return { effect: "refused" as const, understood: null };
  const plan = planFor(set, understood.subject);
  return { effect: decide(plan, literalValues(understood.canonical.literals, null)).effect, understood };
}

/** Processor milliseconds of one call. */
function cost(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const SEEDS: readonly [string, ...string[]] = [
  "SELECT id, total FROM orders WHERE id = 5",
  "SELECT o.id FROM orders o JOIN items i ON i.order_id = o.id ORDER BY o.id LIMIT 10",
  "WITH x AS (SELECT id FROM orders) SELECT * FROM x UNION SELECT id FROM items",
  "UPDATE orders SET status = 'refunded' WHERE id = 5",
  "SELECT (SELECT MAX(id) FROM items) FROM orders",
];
const SECRETS: readonly [string, ...string[]] = [
  "people",
  "other.people",
  "staff",
  "(SELECT secret FROM people)",
  "shop.people p",
];

const GENTLE: readonly [string, ...string[]] = [
  " ",
  "\n",
  " /* x */ ",
  " AND id > 3",
  ", total",
  " OR 1=1",
  " -- x\n",
  " LIMIT 3",
  "(",
  ")",
  "'a'",
];

function mutate(random: () => number): string {
  let sql: string = pick(random, SEEDS);
  for (let left = 1 + Math.floor(random() * 3); left > 0; left -= 1) {
    const at = Math.floor(random() * (sql.length + 1));
    const drop = random() < 0.3 ? Math.floor(random() * 6) : 0;
    const kind = random();
    const put =
      kind < 0.5
        ? pick(random, GENTLE)
        : kind < 0.75
          ? ` ${pick(random, SECRETS)} `
          : rubbish(random, 1 + Math.floor(random() * 2));
    sql = sql.slice(0, at) + put + sql.slice(at + drop);
  }
  return sql;
}

describe("deciding on hostile statements", () => {
  it("never throws, and allows only what is within the rules, for 8,000 mutated statements", () => {
    const random = seeded(31);
    let allowed = 0;
    for (let round = 0; round < 8000; round += 1) {
      const sql = mutate(random);
      const { effect, understood } = effectOf(Buffer.from(sql));
      if (effect !== "allow" || understood === null) continue;
      const { subject } = understood;
      if (subject.kind === "housekeeping" || subject.kind === "metadata" || subject.kind === "use") continue;
      allowed += 1;
      expect(subject.kind === "analysed" || subject.kind === "explain", sql).toBe(true);
      const tables = understood.analysis?.tables.map((one) => `${one.schema}.${one.table}`) ?? [];
      expect(
        tables.filter((one) => one !== "shop.orders" && one !== "shop.items"),
        sql,
      ).toEqual([]);
      // The words that name other tables are there only as text, alias or column.
      expect(lex(Buffer.from(understood.canonical.server), "mariadb").ok, sql).toBe(true);
    }
    expect(allowed).toBeGreaterThan(100);
  });

  it("never throws for 4,000 runs of random bytes", () => {
    const random = seeded(32);
    for (let round = 0; round < 4000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      expect(["refused", "deny", "allow"]).toContain(effectOf(bytes).effect);
    }
  });

  const KIB64 = 65_536;
  const repeat = (piece: string) => piece.repeat(Math.ceil(KIB64 / piece.length)).slice(0, KIB64);
  it.each([
    ["parentheses", `SELECT ${repeat("(")}`],
    ["subqueries", `SELECT ${repeat("(SELECT ")}`],
    ["a long IN list", `SELECT id FROM orders WHERE id IN (${repeat("1,")}1)`],
    ["a chain of OR", `SELECT id FROM orders WHERE id=1${repeat(" OR id=1")}`],
    ["a chain of +", `SELECT 1${repeat("+1")}`],
    ["a chain of AND NOT", `SELECT id FROM orders WHERE 1${repeat(" AND NOT 1")}`],
    ["unions", `SELECT 1${repeat(" UNION SELECT 1")}`],
    ["joins", `SELECT 1 FROM orders${repeat(",orders")}`],
    ["columns", `SELECT id${repeat(",id")} FROM orders`],
    ["CASE", `SELECT ${repeat("CASE WHEN 1 THEN ")}`],
    ["strings", `SELECT '${repeat("x")}'`],
    ["adjacent strings", `SELECT ${repeat("'a' ")}`],
    ["comments", `SELECT 1${repeat(" /**/")}`],
    ["quotes", `SELECT ${repeat("''")}`],
    ["back quotes", `SELECT ${repeat("``")}`],
    ["common tables", `WITH ${repeat("a AS (SELECT 1),")} SELECT 1`],
    ["rows", `INSERT INTO orders (id) VALUES (1)${repeat(",(1)")}`],
    ["functions", `SELECT ${repeat("ABS(")}`],
  ])("takes at most 50 ms of one core for 64 KiB of %s, or refuses", (_, sql) => {
    const bytes = Buffer.from(sql);
    effectOf(bytes);
    let least = Number.POSITIVE_INFINITY;
    let effect = "";
    for (let round = 0; round < 5; round += 1) {
      least = Math.min(
        least,
        cost(() => (effect = effectOf(bytes).effect)),
      );
    }
    if (effect !== "refused") expect(least).toBeLessThan(50);
    expect(least).toBeLessThan(500);
  });
});
