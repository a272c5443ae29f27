import { describe, expect, it } from "vitest";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import { SHOP_NOW } from "../shop/generate";
import { type AgentStatement, isHonest } from "./statement";
import { HONEST_AGENTS, TRAFFIC_AGENTS, type TrafficAgent, trafficOf } from "./traffic-of";

const HOUR_MS = 3_600_000;

const hourOf = (agent: TrafficAgent, hour: number, statements = 2_000) => [
  ...trafficOf(agent, { seed: 1, hour, statements }),
];

function templateOf({ sql }: AgentStatement): string {
  const result = lexText(sql, "mariadb");
  if (!result.ok) throw new Error(`not to be read: ${sql}`);
  return canonicalise(result.lexed).templateHash;
}
const templatesOf = (statements: readonly AgentStatement[]) => new Set(statements.map(templateOf));
const share = (some: readonly unknown[], all: readonly unknown[]) => some.length / all.length;

describe.each(TRAFFIC_AGENTS)("an hour of %s", (agent) => {
  it("is the same every time it is made, and another one with another seed, hour or agent", () => {
    const made = hourOf(agent, 1);
    expect(hourOf(agent, 1)).toEqual(made);
    expect(hourOf(agent, 2)).not.toEqual(made);
    expect([...trafficOf(agent, { seed: 2, hour: 1, statements: 2_000 })]).not.toEqual(made);
  });

  it("has as many statements as asked for, up to the end of a transaction", () => {
    for (const statements of [1, 17, 500]) {
      const { length } = hourOf(agent, 0, statements);
      expect(length).toBeGreaterThanOrEqual(statements);
      expect(length).toBeLessThan(statements + 15);
    }
  });

  it("goes on through its hour of the shop's time, connection by connection", () => {
    const made = hourOf(agent, 3);
    const times = made.map(({ at }) => at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(0)).toBe(SHOP_NOW + 3 * HOUR_MS);
    expect(times.at(-1)).toBeGreaterThan(SHOP_NOW + 3.9 * HOUR_MS);
    expect(times.at(-1)).toBeLessThan(SHOP_NOW + 4 * HOUR_MS);
    const sessions = made.map(({ session }) => session);
    expect(sessions).toEqual(sessions.toSorted((a, b) => a - b));
    expect(new Set(sessions).size).toBeGreaterThan(20);
  });

  it("ends every transaction that it begins, on the same connection", () => {
    let open: number | null = null;
    for (const { sql, inTransaction, session } of hourOf(agent, 1)) {
      if (sql === "START TRANSACTION") {
        expect(open).toBeNull();
        open = session;
      }
      expect(inTransaction).toBe(open !== null);
      if (open !== null) expect(session).toBe(open);
      if (sql === "COMMIT" || sql === "ROLLBACK") open = null;
    }
    expect(open).toBeNull();
  });

  it("binds as many values as its prepared statements have marks", () => {
    for (const { sql, parameters } of hourOf(agent, 1)) {
      expect(sql.split("?").length - 1).toBe(parameters?.length ?? 0);
    }
  });
});

describe("honest agents", () => {
  it("do nothing but their work, with a few rare statements and looks at the schema", () => {
    expect(HONEST_AGENTS).toEqual(["orders-agent", "support-agent", "reporting-agent", "stock-agent"]);
    for (const agent of HONEST_AGENTS) {
      const made = hourOf(agent, 1);
      expect(made.filter(({ purpose }) => !isHonest(purpose))).toEqual([]);
      const of = (purpose: AgentStatement["purpose"]) =>
        share(
          made.filter((one) => one.purpose === purpose),
          made,
        );
      expect(of("work")).toBeGreaterThan(0.75);
      expect(of("rare")).toBeGreaterThan(0.001);
      expect(of("rare")).toBeLessThan(0.01);
      expect(of("metadata")).toBeGreaterThan(0.003);
      expect(of("metadata")).toBeLessThan(0.03);
      expect(of("housekeeping")).toBeGreaterThan(0.02);
    }
  });

  it("have habits: nearly all of an hour's statements have templates of the hour before, with other values", () => {
    for (const agent of HONEST_AGENTS) {
      const [first, second] = [hourOf(agent, 1), hourOf(agent, 2)];
      const known = templatesOf(first);
      expect(known.size).toBeGreaterThan(15);
      const fresh = second.filter((one) => !known.has(templateOf(one)));
      expect(share(fresh, second)).toBeLessThan(0.02);
      const said = new Set(first.map(({ sql, parameters }) => JSON.stringify([sql, parameters])));
      const again = second.filter(({ sql, parameters }) => said.has(JSON.stringify([sql, parameters])));
      expect(share(again, second)).toBeLessThan(0.85);
    }
  });

  it("ask for few ids often and for most seldom, and for new orders as time goes on", () => {
    const ids = (hour: number) =>
      hourOf("orders-agent", hour, 5_000).flatMap(({ sql, parameters }) =>
        sql.endsWith("shipped_at FROM orders WHERE id = ?") ? [Number(parameters?.[0])] : [],
      );
    const [early, late] = [ids(0), ids(40)];
    expect(Math.max(...early)).toBeGreaterThan(3000);
    expect(Math.max(...late)).toBeGreaterThan(Math.max(...early) + 1000);
    expect(new Set(early).size).toBeGreaterThan(200);
    const recent = early.filter((id) => id > Math.max(...early) - 100);
    expect(share(recent, early)).toBeGreaterThan(0.4);
  });

  it("send text and prepared statements, some of them in transactions", () => {
    const made = hourOf("orders-agent", 1);
    expect(made.some(({ parameters, purpose }) => parameters === null && purpose === "work")).toBe(true);
    expect(made.some(({ parameters }) => parameters !== null)).toBe(true);
    expect(
      share(
        made.filter(({ inTransaction }) => inTransaction),
        made,
      ),
    ).toBeGreaterThan(0.1);
  });
});

describe("the agent that misbehaves", () => {
  const made = hourOf("lookup-agent", 1);

  it("looks like any other for the first part of its hour", () => {
    const first = made.slice(0, 480);
    expect(first.filter(({ purpose }) => !isHonest(purpose))).toEqual([]);
  });

  it("then takes what it can get, in every way it knows", () => {
    const rest = made.slice(520);
    expect(
      share(
        rest.filter(({ purpose }) => !isHonest(purpose)),
        rest,
      ),
    ).toBeGreaterThan(0.85);
    for (const purpose of ["dump", "page", "trick", "probe", "wreck", "enumerate"] as const) {
      expect(rest.filter((one) => one.purpose === purpose).length, purpose).toBeGreaterThan(20);
    }
  });

  it("takes its changes back, so that a connection that only observes keeps its data", () => {
    const changes = made.filter(({ sql }) => /^(?:UPDATE|DELETE|INSERT|REPLACE|DROP|ALTER|TRUNCATE)\b/.test(sql));
    expect(changes.length).toBeGreaterThan(0);
    for (const one of changes) {
      expect(one.inTransaction).toBe(true);
      expect(made[made.indexOf(one) + 1]?.sql).toBe("ROLLBACK");
    }
  });

  it("does not use the templates of honest work for its misdeeds", () => {
    const honest = templatesOf(made.filter(({ purpose }) => isHonest(purpose)));
    const misdeeds = templatesOf(made.filter(({ purpose, sql }) => !isHonest(purpose) && sql !== "ROLLBACK"));
    expect([...misdeeds].filter((one) => honest.has(one))).toEqual([]);
  });
});
