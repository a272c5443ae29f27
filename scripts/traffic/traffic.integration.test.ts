import mysql, { type Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { playAs } from "@/e2e/support/play-traffic";
import { shipObserved } from "@/e2e/support/ship-observed";
import { createTestDatabase, createTestStore, type TestDatabase } from "@/e2e/support/store";
import { ALLOW_ALL, CONNECTION_ID, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { templateUses } from "@/lib/db/schema";
import { mask } from "@/lib/masking/mask";
import { policy } from "@/lib/policy/rule";
import type { StatementValue } from "@/lib/policy/value";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import { readTraffic, type TrafficStatement } from "@/lib/statements/traffic";
import { DEMO_MASKS } from "../embedded/demo-masks";
import { seedShop } from "../shop/seed";
import type { AgentStatement } from "./statement";
import { HONEST_AGENTS, trafficOf } from "./traffic-of";

const NOTHING = policy.parse({ name: "nothing", identities: [{ client_id: "lookup-agent" }], metadata: "deny" });

/** The first statement of each template, with the whole transaction that it is in. */
function oneOfEach(statements: Iterable<AgentStatement>): AgentStatement[] {
  const seen = new Set<string>();
  const kept: AgentStatement[] = [];
  let unit: AgentStatement[] = [];
  for (const one of statements) {
    unit.push(one);
    if (one.inTransaction && one.sql !== "COMMIT" && one.sql !== "ROLLBACK") continue;
    const templates = unit.map(templateOf);
    if (templates.some((template) => !seen.has(template))) kept.push(...unit);
    for (const template of templates) seen.add(template);
    unit = [];
  }
  return kept;
}

function templateOf({ sql }: AgentStatement): string {
  const result = lexText(sql, "mariadb");
  return result.ok ? canonicalise(result.lexed).templateHash : sql;
}

describe("agents' traffic through a gateway", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: Connection;

  beforeAll(async () => {
    database = await createTestDatabase();
    await seedShop(database.url);
    admin = await mysql.createConnection(database.url);
    gateway = await startGateway({
      schema: database.name,
      masks: DEMO_MASKS.map((one) =>
        mask.parse({ ...one, column: one.column.replace(/^shop\./, `${database.name}.`) }),
      ),
      policies: [{ ...ALLOW_ALL, identities: HONEST_AGENTS.map((name) => ({ client_id: name })) }, NOTHING],
    });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await gateway.close();
    await admin.end();
    await database.drop();
  });
  beforeEach(() => {
    gateway.settings.mode = "enforce";
    gateway.publish();
    for (const list of [gateway.observed.starts, gateway.observed.statements]) list.length = 0;
  });

  it.each(HONEST_AGENTS)("of %s is understood, and run by the server, masks included", async (agent) => {
    const statements = oneOfEach(trafficOf(agent, { seed: 7, hour: 1, statements: 20_000 }));
    expect(new Set(statements.map(({ purpose }) => purpose))).toContain("rare");
    const played = await playAs(gateway, agent, statements);
    const failed = played.flatMap(({ statement, failure }) => (failure === null ? [] : [[statement.sql, failure]]));
    expect(failed).toEqual([]);
    expect(played.map(({ statement }) => statement)).toEqual(statements);
    const recorded = gateway.observed.statements.filter(({ command }) => command !== "prepare");
    expect(recorded).toHaveLength(statements.length);
    expect(recorded.map(({ sql }) => sql)).toEqual(statements.map(({ sql }) => sql));
    for (const [at, { parameters }] of statements.entries()) {
      expect(recorded[at]?.parameters?.length ?? null).toBe(parameters?.length ?? null);
    }
  });

  it("of the one that misbehaves is denied where nothing allows it", async () => {
    const played = await playAs(
      gateway,
      "lookup-agent",
      trafficOf("lookup-agent", { seed: 7, hour: 1, statements: 400 }),
    );
    const passed = played.filter(({ statement, failure }) => failure === null && statement.purpose !== "housekeeping");
    expect(passed.map(({ statement }) => statement.sql)).toEqual([]);
  });

  it("is in the record as it was sent, to be decided on and learned from again", async () => {
    const store = await createTestStore();
    onTestFinished(() => store.close());
    const since = new Date();
    const statements = [...trafficOf("stock-agent", { seed: 7, hour: 2, statements: 300 })];
    await playAs(gateway, "stock-agent", statements);
    await shipObserved(store, gateway.observed);
    const until = new Date(Date.now() + 1);
    const connection = { id: CONNECTION_ID, name: "shop" };
    const traffic: TrafficStatement[] = [];
    for await (const batch of readTraffic(store.db, { connection, since, until })) traffic.push(...batch);
    const ran = traffic.filter(({ command }) => command !== "prepare");
    expect(ran.map(({ sql }) => sql)).toEqual(statements.map(({ sql }) => sql));
    const values = (list: readonly StatementValue[] | null) =>
      list?.map((value) => ("text" in value ? value.text : null)) ?? null;
    expect(ran.map(({ parameters }) => values(parameters))).toEqual(
      statements.map(({ parameters }) => parameters?.map(String) ?? null),
    );
    const uses = await store.db.select().from(templateUses);
    const sum = (of: (use: (typeof uses)[number]) => number) => uses.reduce((all, use) => all + of(use), 0);
    expect(sum((use) => use.statements)).toBe(statements.length);
    expect(sum((use) => use.executed)).toBe(ran.filter(({ waitedUs }) => waitedUs !== null).length);
    expect(new Set(uses.map(({ templateHash }) => templateHash))).toEqual(
      new Set(ran.map(({ templateHash }) => templateHash)),
    );
  });

  it("leaves the shop as it was where the connection only observes the one that misbehaves", async () => {
    const state = async () =>
      (await admin.query("CHECKSUM TABLE customers, employees, orders, order_items, payments, products"))[0];
    const before = await state();
    gateway.settings.mode = "observe";
    gateway.publish();
    const played = await playAs(
      gateway,
      "lookup-agent",
      trafficOf("lookup-agent", { seed: 7, hour: 1, statements: 400 }),
    );
    const wrecked = played.filter(({ statement, failure }) => statement.purpose === "wreck" && failure === null);
    expect(wrecked.length).toBeGreaterThan(0);
    expect(await state()).toEqual(before);
  });
});
