import { describe, expect, it } from "vitest";
import { policy } from "../rule";
import { decider, learn, ran, recorded } from "./learning.fixture";
import { type AgentName, Player } from "./traffic.fixture";

const repeat = (count: number, sql: (at: number) => string) => Array.from({ length: count }, (_, at) => sql(at));
const play = (agent: AgentName, hour: number) => new Player(hour).play(agent, 400);
const learnHour = (agent: AgentName) => learn(play(agent, 1).map((one, at) => recorded(one, at)));

describe("a policy learned from an hour of a good agent", () => {
  const decideOrders = decider(learnHour("orders").policy);

  it.each<[AgentName]>([["orders"], ["support"], ["reports"]])(
    "covers that hour and the next of %s with at most 1 percent held for review",
    (agent) => {
      const { policy: learned, rules, allowedShare, apart } = learnHour(agent);
      expect(policy.parse(learned)).toEqual(learned);
      expect(apart).toBeNull();
      expect(allowedShare).toBeGreaterThan(0.99);
      const decide = decider(learned);
      for (const one of play(agent, 1)) expect(decide(one).effect, one.sql).not.toBe("deny");
      const next = play(agent, 2).map((one) => decide(one).effect);
      expect(next.filter((effect) => effect === "deny")).toEqual([]);
      expect(next.filter((effect) => effect === "review").length / next.length).toBeLessThanOrEqual(0.01);
      expect(rules.length).toBeLessThan(10);
    },
  );

  it.each([
    "SELECT name, secret FROM people",
    "SELECT id, status, total FROM orders",
    "SELECT name, pay FROM staff WHERE id = 1",
    "DELETE FROM orders WHERE id = 4",
    "UPDATE products SET name = 'x' WHERE id = 4",
    "UPDATE products SET price = 0",
    "INSERT INTO orders (id) VALUES (1)",
    "SELECT id FROM orders LIMIT 5000",
    "DROP TABLE orders",
    "SHOW TABLES",
  ])("does not let pass what the agent never did: %s", (sql) => {
    expect(decideOrders({ sql, bound: null }).effect).not.toBe("allow");
  });
});

describe("an agent that misbehaves", () => {
  const proposal = learnHour("rogue");

  it("is set apart in words, and is let do nothing without a person", () => {
    expect(proposal.apart).toMatch(
      /^\d+ of \d+ templates read whole tables or masked columns.*look at it before you give it a policy$/,
    );
    expect(proposal.policy).toMatchObject({ default: "deny", metadata: "deny" });
    expect(proposal.rules.every((one) => one.rule.effect === "review" && one.risks.length > 0)).toBe(true);
    expect(proposal).toMatchObject({ allowedShare: 0, surface: { cells: 0 } });
    const decide = decider(proposal.policy);
    for (const one of play("rogue", 2)) expect(decide(one).effect, one.sql).not.toBe("allow");
  });
});

describe("a proposal", () => {
  const reads = repeat(300, (at) => `SELECT id, total FROM orders WHERE id = ${at}`);
  const enough = repeat(3_000, (at) => `SELECT id, total FROM orders WHERE id = ${at}`);

  it("binds machines by their client and denies what is not covered once enough of it was seen", () => {
    expect(learn(ran(enough)).policy).toMatchObject({
      name: "agent (learned)",
      identities: [{ client_id: "agent" }],
      default: "deny",
      metadata: "deny",
    });
  });

  it("lets a person look at what is not covered where there was little, or something rare", () => {
    expect(learn(ran(enough.slice(1))).policy.default).toBe("review");
    expect(learn(ran([...enough, "SELECT city FROM orders WHERE id = 5"])).policy.default).toBe("review");
  });

  it("allows metadata where it was asked for", () => {
    expect(learn(ran([...reads, "SHOW TABLES"])).policy.metadata).toBe("allow");
    expect(learn(ran([...reads, "EXPLAIN SELECT id, total FROM orders WHERE id = 5"])).policy.metadata).toBe("allow");
  });

  it("says what it leaves out and why, and proposes nothing for it", () => {
    const left = (changes: Parameters<typeof recorded>[2], sql = "SELECT name, pay FROM staff WHERE id = 3") =>
      learn([...ran(reads), recorded({ sql }, 900, changes)]);
    const why = (...given: Parameters<typeof left>) => left(...given).leftOut.map((one) => [one.why, one.statements]);
    expect(why({}, "COMMIT")).toEqual([["session housekeeping and transactions need no rule", 1]]);
    expect(why({ errorNumber: 1054 })).toEqual([["the database answered with an error", 1]]);
    expect(why({ errorNumber: 1227 })).toEqual([["the policies in force refused it", 1]]);
    expect(why({ ruleName: "no staff" })).toEqual([["the policies in force refused it", 1]]);
    expect(why({ errorNumber: 1143 })).toEqual([["it would have told of a masked column", 1]]);
    expect(why({}, "SELECT id FROM people WHERE secret = '1'")).toEqual([["it would have told of a masked column", 1]]);
    expect(why({ templateHash: null, errorNumber: 1064 }, "SELEC")).toEqual([
      ["the gateway does not understand it", 1],
    ]);
    expect(why({}, "SELECT id FROM gone WHERE id = 3")).toEqual([["the gateway does not understand it", 1]]);
    expect(why({ sqlCut: true })).toEqual([["its text is cut in the record", 1]]);
    expect(why({ command: "prepare" })).toEqual([["it was prepared and never executed", 1]]);
    expect(why({}, "EXPLAIN SELECT pay FROM staff WHERE id = 3")).toEqual([["no rule can be written for it", 1]]);
    expect(left({ errorNumber: 1227 }).rules).toHaveLength(1);
    expect(left({ errorNumber: 1054 }).leftOut[0]?.example).toBe("SELECT name, pay FROM staff WHERE id = 3");
  });

  it("tells what needs no rule from what has none", () => {
    const { leftOut } = learn(ran([...reads, "COMMIT", "SHOW TABLES", "SELEC", "SELECT id FROM gone WHERE id = 3"]));
    expect(
      leftOut
        .filter((one) => !one.needsRule)
        .map(({ example }) => example)
        .sort(),
    ).toEqual(["COMMIT", "SHOW TABLES"]);
    expect(leftOut.filter((one) => one.needsRule)).toHaveLength(1);
  });

  it("shows the evidence of each rule, the newest examples first", () => {
    const [rule] = learn(ran(reads)).rules;
    expect(rule).toMatchObject({
      statements: 300,
      firstAt: "2026-05-01T00:00:00.000Z",
      lastAt: "2026-05-01T00:04:59.000Z",
      identities: ["agent"],
      templates: [{ statements: 300, text: "SELECT id, total FROM orders WHERE id = ?" }],
    });
    expect(rule?.templates[0]?.examples.map((one) => one.sql)).toEqual(
      [299, 298, 297].map((id) => `SELECT id, total FROM orders WHERE id = ${id}`),
    );
  });

  it("covers a statement of another default schema by its tables, and says so", () => {
    const statements = repeat(9, (at) => `SELECT id, name FROM people WHERE id = ${at}`).map((sql, at) =>
      recorded({ sql, session: at % 3 }, at, { defaultSchema: "other" }),
    );
    expect(learn(statements, []).policy.rules).toMatchObject([
      { effect: "allow", tables: ["other.people"], where: ["other.people.id"] },
    ]);
  });

  it("says of a value that no column is pinned by where it stands", () => {
    const texts = repeat(
      300,
      (at) =>
        `SELECT SUM(total), COUNT(*) FROM orders WHERE placed >= '2026-05-${10 + (at % 19)}' HAVING COUNT(*) > ${at}`,
    );
    expect(learn(ran(texts)).rules.map((one) => one.wider)).toEqual([
      [
        "any date for placed >= ?; seen were 2026-05-10 to 2026-05-28",
        "any whole number for COUNT(*) > ?; seen were 0 to 299",
      ],
    ]);
  });

  it("takes values that were not recorded for anything, and says so", () => {
    const statements = repeat(9, () => "SELECT id FROM orders WHERE id = ?").map((sql, at) =>
      recorded({ sql, bound: [], session: at % 3 }, at, { parameters: null }),
    );
    expect(learn(statements).rules).toMatchObject([
      { rule: { parameters: [{ type: "any" }] }, wider: ["any value for orders.id: values of it were not recorded"] },
    ]);
  });
});
