import { describe, expect, it } from "vitest";
import { compileCatalogue } from "@/lib/sql/catalogue";
import { StatementGenerator, seeded } from "@/lib/sql/generate.fixture";
import { SHOP } from "@/lib/sql/shop.fixture";
import { understand } from "../understand";
import { CONTEXT, decider, learn, recorded } from "./learning.fixture";
import { cellsOf } from "./surface";

/** Tables that the generator knows, some of them in the shop. */
const GENERATED = compileCatalogue({
  ...SHOP,
  tables: [
    ...SHOP.tables.filter((one) => one.schema !== "shop" || one.name === "staff"),
    ...[
      ["people", ["id", "name", "secret", "boss"]],
      ["orders", ["id", "person_id", "total", "city"]],
      ["items", ["id", "order_id", "qty", "grade"]],
    ].map(([name, columns]) => ({
      schema: "shop",
      name: String(name),
      kind: "table" as const,
      columns: (Array.isArray(columns) ? columns : []).map((column) => ({
        name: column,
        dataType: column === "name" || column === "city" ? "varchar" : "int",
        columnType: "int",
        nullable: true,
        hasDefault: false,
        generated: null,
        invisible: false,
      })),
      primaryKey: ["id"],
      indexes: [],
      definition: null,
    })),
  ],
  triggers: [],
});
const context = { ...CONTEXT, catalogue: GENERATED };

/** Random statements, each some times with other values, so that some recur and some do not. */
function generated(seed: number, count: number): string[] {
  const generator = new StatementGenerator(seed);
  const random = seeded(seed);
  const statements: string[] = [];
  while (statements.length < count) {
    const sql = generator.statement();
    const understood = understand(Buffer.from(sql), context);
    if (!understood.ok || understood.analysis === null) continue;
    const bounded = random() < 0.5 && !/LIMIT|UNION|INTERSECT|EXCEPT/.test(sql) ? `${sql} LIMIT 20` : sql;
    for (let times = 1 + Math.floor(random() * 6); times > 0; times -= 1)
      statements.push(bounded.replace(/= (\d+)\b/g, () => `= ${Math.floor(random() * 1000)}`));
  }
  return statements.filter((sql) => understand(Buffer.from(sql), context).ok);
}

describe("proposals of 2 x 150 generated statements", () => {
  it.each([1, 2])(
    "cover all that they are made of, and grant no table or column that was never seen (seed %i)",
    (seed) => {
      const statements = generated(seed, 150);
      const proposal = learn(
        statements.map((sql, at) => recorded({ sql, session: at % 4 }, at)),
        [],
        context,
      );
      const decide = decider(proposal.policy, context);
      const left = proposal.leftOut.reduce((sum, one) => sum + one.statements, 0);
      const uncovered = statements.filter((sql) => {
        const found = decide({ sql, bound: null });
        return found.effect === "deny" || found.rule === null;
      });
      expect(uncovered.length, uncovered[0]).toBeLessThanOrEqual(left);
      expect(proposal.rules.reduce((sum, one) => sum + one.statements, 0) + left).toBe(statements.length);

      const seen = new Set(
        statements.flatMap((sql) => {
          const understood = understand(Buffer.from(sql), context);
          return understood.ok
            ? (understood.analysis?.columns ?? []).map((one) => `${one.schema}.${one.table}.${one.column}`)
            : [];
        }),
      );
      const granted = [...cellsOf(proposal.policy.rules, context).values()].map(
        ({ column }) => `${column.schema}.${column.table}.${column.column}`,
      );
      expect(granted.filter((one) => !seen.has(one))).toEqual([]);
      for (const sql of [
        "SELECT id FROM staff WHERE id = 1",
        "SELECT name FROM other.people WHERE id = 1 LIMIT 1",
        "UPDATE orders SET total = 1 WHERE id = 1",
        "DELETE FROM items WHERE id = 1",
      ])
        expect(decide({ sql, bound: null }).rule, sql).toBeNull();
    },
  );
});
