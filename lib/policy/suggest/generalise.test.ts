import { describe, expect, it } from "vitest";
import { decider, learn, ran } from "./learning.fixture";

const repeat = (count: number, sql: (at: number) => string) => Array.from({ length: count }, (_, at) => sql(at));
const list = (length: number) => repeat(length, (at) => String(at + 1)).join(", ");
const rulesOf = (statements: readonly string[]) => learn(ran(statements)).policy.rules;

describe("templates become one rule", () => {
  it("when they differ in the length of a list", () => {
    const statements = repeat(30, (at) => `SELECT id, sku FROM products WHERE id IN (${list(1 + (at % 3))})`);
    expect(rulesOf(statements)).toEqual([
      {
        name: "read products by id",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.products"],
        columns: ["shop.products.id", "shop.products.sku"],
        where: ["shop.products.id"],
      },
    ]);
    expect(
      decider(learn(ran(statements)).policy)({ sql: `SELECT sku FROM products WHERE id IN (${list(9)})`, bound: null }),
    ).toMatchObject({ effect: "allow" });
  });

  it("when they are the same list with other conditions, up to the highest LIMIT", () => {
    const conditions = ["", "WHERE city = 'Bern'", "WHERE total > 5", "WHERE city = 'Bern' AND total > 5"];
    const statements = repeat(40, (at) => `SELECT id FROM orders ${conditions[at % 4]} LIMIT ${[10, 50][at % 2]}`);
    expect(rulesOf(statements)).toEqual([
      {
        name: "read orders",
        effect: "allow",
        statements: ["select"],
        tables: ["shop.orders"],
        columns: ["shop.orders.city", "shop.orders.id", "shop.orders.total"],
        max_limit: 50,
      },
    ]);
  });

  it("with the whole table where all of its columns are among them", () => {
    const statements = repeat(12, (at) => `SELECT ${["id", "txt", "num", "*"][at % 4]} FROM scratch WHERE id = ${at}`);
    expect(rulesOf(statements)).toMatchObject([{ columns: ["shop.scratch.*"], where: ["shop.scratch.id"] }]);
  });

  it("and says how it is wider", () => {
    const [rule] = learn(ran(repeat(30, (at) => `SELECT id FROM products WHERE id IN (${list(1 + (at % 3))})`))).rules;
    expect(rule?.wider).toEqual([
      "any select over these columns of shop.products for given values of products.id; any other conditions, their values, the order and the choice of columns are free; seen were 3 templates",
    ]);
  });
});

describe("templates stay template rules", () => {
  it("when each of a few recurs", () => {
    const statements = repeat(30, (at) => `SELECT ${["id", "sku", "name"][at % 3]} FROM products WHERE id = ${at}`);
    expect(rulesOf(statements).map((one) => one.template)).toEqual([
      "SELECT id FROM products WHERE id = ?",
      "SELECT sku FROM products WHERE id = ?",
      "SELECT name FROM products WHERE id = ?",
    ]);
  });

  it("when nothing that all of them have would bound a rule", () => {
    const statements = repeat(
      40,
      (at) =>
        `SELECT city, ${["COUNT(*)", "SUM(total)", "MAX(total)", "MIN(total)"][at % 4]} AS n FROM orders GROUP BY city`,
    );
    const rules = rulesOf(statements);
    expect(rules).toHaveLength(4);
    expect(rules.every((one) => one.template !== undefined && one.effect === "allow")).toBe(true);
  });

  it("when one rule would let something risky pass", () => {
    const lookups = repeat(
      60,
      (at) =>
        `SELECT name, mail FROM people WHERE id IN (${repeat(1 + (at % 3), (n) => String(at * 5 + n * 70)).join(", ")})`,
    );
    const walking = repeat(30, (at) => `SELECT mail, name FROM people WHERE id = ${at}`);
    const rules = learn(ran([...lookups, ...walking])).rules;
    expect(rules.filter(({ rule }) => rule.effect === "review")).toMatchObject([
      { rule: { template: "SELECT mail, name FROM people WHERE id = ?" } },
    ]);
    expect(rules.filter(({ rule }) => rule.effect === "allow").every(({ rule }) => rule.template !== undefined)).toBe(
      true,
    );
  });

  it("and a column that only a rare one touches is not granted with the others", () => {
    const statements = [
      ...repeat(30, (at) => `SELECT id, sku FROM products WHERE id IN (${list(1 + (at % 3))})`),
      "SELECT id, price FROM products WHERE id = 3",
    ];
    const proposal = learn(ran(statements));
    expect(proposal.rules.map(({ rule }) => rule.effect)).toEqual(["allow", "review"]);
    expect(proposal.rules[0]?.rule.columns).not.toContain("shop.products.price");
    expect(decider(proposal.policy)({ sql: "SELECT price FROM products WHERE id = 3", bound: null }).effect).toBe(
      "review",
    );
  });

  it("prepared and as text, as one", () => {
    const statements = ran(repeat(9, (at) => `SELECT id FROM orders WHERE id = ${at}`));
    const proposal = learn([
      ...statements,
      ...statements.map((one) => ({
        ...one,
        sql: "SELECT id FROM orders WHERE id = ?",
        command: "execute" as const,
        parameters: [{ kind: "number", text: "7", form: "float" } as const],
        templateHash: "b".repeat(64),
      })),
    ]);
    expect(proposal.rules).toHaveLength(1);
    expect(proposal.rules[0]?.templates.map((one) => one.statements)).toEqual([9, 9]);
  });
});
