import { compilePolicies } from "@/lib/policy/compile";
import { literalValues } from "@/lib/policy/literal-values";
import { decide, type Plan, planFor, type Values } from "@/lib/policy/plan";
import { policy } from "@/lib/policy/rule";
import { type StatementContext, understand } from "@/lib/policy/understand";
import { understandTemplate } from "@/lib/policy/understand-template";
import { type CatalogueTable, compileCatalogue } from "@/lib/sql/catalogue";
import { ShapeCache } from "@/lib/sql/shape-cache";
import { ShapeScanner } from "@/lib/sql/shape-scan";
import { measureGate } from "./gate-decisions";
import { median } from "./report";

const TABLES = 5_000;
const RULES = 1_000;
const COLUMNS = ["id", "customer_id", "status", "total", "city", "note"];
const HIT_RUNS = 200_000;
const MISS_RUNS = 400;

/** About 300 bytes: a join with pins, a subquery, grouping and a limit. */
const statement = (round: number) =>
  `SELECT o.id, o.total, c.city, COUNT(*) AS n FROM t4999 o JOIN t4998 c ON c.id = o.customer_id WHERE o.id = ${round} AND o.status IN ('open', 'paid') ` +
  `AND c.city LIKE 'B%' AND o.total > (SELECT AVG(total) FROM t4997 WHERE city = 'Bern') GROUP BY o.id, o.total, c.city ORDER BY o.total DESC LIMIT 50 /* ${"x".repeat(1)} */`;
const POINT = "SELECT id, total, city FROM t4999 WHERE id = 42 LIMIT 10";

/** 5,000 tables of the same columns. */
function benchContext(): StatementContext {
  const table = (at: number): CatalogueTable => ({
    schema: "shop",
    name: `t${at}`,
    kind: "table",
    columns: COLUMNS.map((name) => ({
      name,
      dataType: name === "id" || name.endsWith("_id") ? "int" : "varchar",
      columnType: "varchar(80)",
      nullable: true,
      hasDefault: false,
      generated: null,
      invisible: false,
    })),
    primaryKey: ["id"],
    indexes: [{ name: "by_note", columns: ["note"], unique: false }],
    definition: null,
  });
  const catalogue = compileCatalogue({
    flavour: "mariadb",
    serverVersion: "10.11",
    lowerCaseTableNames: 0,
    sqlMode: "",
    schemas: ["shop"],
    tables: Array.from({ length: TABLES }, (_, at) => table(at)),
    routines: [],
    triggers: [],
  });
  return { dialect: "mariadb", catalogue, defaultSchema: "shop", pipesAsConcat: false };
}

/** Rules about one table each; the last, which decides, has pins and a limit. */
function benchRules(): unknown[] {
  const about = (at: number) => ({
    name: `rule ${at}`,
    effect: "allow",
    statements: ["select"],
    tables: [`shop.t${at}`],
    max_limit: 100,
  });
  return [
    ...Array.from({ length: RULES - 1 }, (_, at) => about(at)),
    { name: "last", effect: "allow", statements: ["select"], tables: ["shop.t49*"], max_limit: 100 },
  ];
}

/** Microseconds a decision takes on a cache hit (with its values checked) and on a miss, 1,000 rules and 5,000 tables. */
export function measureDecisions(): void {
  const at = benchContext();
  const set = compilePolicies([policy.parse({ name: "bench", identities: [], rules: benchRules() })], (text) =>
    understandTemplate(text, at),
  );
  const misses: number[] = [];
  for (let round = 0; round < MISS_RUNS; round += 1) {
    const bytes = Buffer.from(statement(round));
    const before = performance.now();
    const understood = understand(bytes, at);
    if (!understood.ok) throw new Error(understood.message);
    const verdict = decide(planFor(set, understood.subject), literalValues(understood.canonical.literals, null));
    misses.push((performance.now() - before) * 1000);
    if (verdict.effect !== "allow") throw new Error(verdict.reason);
  }
  const sorted = [...misses].sort((a, b) => a - b);
  console.log(
    `decision on a miss, ${statement(1).length} bytes, ${RULES} rules, ${TABLES} tables: p50 ${median(misses).toFixed(0)} us, p99 ${(sorted[Math.floor(MISS_RUNS * 0.99)] ?? 0).toFixed(0)} us`,
  );
  const { unconditional, checked } = hits(at, set);
  console.log(
    `decision on a hit: ${unconditional.toFixed(2)} us, with values checked against a plan: ${checked.toFixed(2)} us`,
  );
  measureGate(at, benchRules());
}

function hits(
  at: StatementContext,
  set: ReturnType<typeof compilePolicies>,
): { unconditional: number; checked: number } {
  const bytes = Buffer.from(POINT);
  const scanner = new ShapeScanner();
  const cache = new ShapeCache<Plan>(1000);
  const understood = understand(bytes, at);
  if (!understood.ok || !scanner.scan(bytes, 0, bytes.length))
    throw new Error("the statement does not fit the fast path");
  const kept = scanner.keptLiterals(understood.canonical);
  if (kept === null) throw new Error("the statement can not be cached");
  cache.store(scanner, bytes, 0, kept, planFor(set, understood.subject));
  const values: Values = literalValues(understood.canonical.literals, null);
  const time = (work: (plan: Plan) => void) => {
    const rounds: number[] = [];
    for (let round = 0; round < 7; round += 1) {
      const before = performance.now();
      for (let run = 0; run < HIT_RUNS; run += 1) {
        scanner.scan(bytes, 0, bytes.length);
        const plan = cache.find(scanner, bytes, 0);
        if (plan === undefined) throw new Error("not a hit");
        work(plan);
      }
      rounds.push(((performance.now() - before) * 1000) / HIT_RUNS);
    }
    return median(rounds);
  };
  return { unconditional: time(() => undefined), checked: time((plan) => void decide(plan, values)) };
}
