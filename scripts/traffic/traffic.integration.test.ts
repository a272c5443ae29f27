import mysql, { type Connection } from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { playAs } from "@/e2e/support/play-traffic";
import { createTestDatabase, type TestDatabase } from "@/e2e/support/store";
import { ALLOW_ALL, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { mask } from "@/lib/masking/mask";
import { policy } from "@/lib/policy/rule";
import { DEMO_MASKS } from "../embedded/demo-masks";
import { seedShop } from "../shop/seed";
import { HONEST_AGENTS, trafficOf } from "./traffic-of";

const NOTHING = policy.parse({ name: "nothing", identities: [{ client_id: "lookup-agent" }], metadata: "deny" });

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
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull());
  });
  afterAll(async () => {
    await gateway.close();
    await admin.end();
    await database.drop();
  });
  beforeEach(() => {
    gateway.settings.mode = "enforce";
    gateway.publish();
    gateway.observed.statements.length = 0;
  });

  it.each(HONEST_AGENTS)("of %s is understood, and run by the server, masks included", async (agent) => {
    const statements = [...trafficOf(agent, { seed: 7, hour: 1, statements: 1_200 })];
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
      trafficOf("lookup-agent", { seed: 7, hour: 1, statements: 600 }),
    );
    const passed = played.filter(({ statement, failure }) => failure === null && statement.purpose !== "housekeeping");
    expect(passed.map(({ statement }) => statement.sql)).toEqual([]);
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
      trafficOf("lookup-agent", { seed: 7, hour: 1, statements: 600 }),
    );
    const wrecked = played.filter(({ statement, failure }) => statement.purpose === "wreck" && failure === null);
    expect(wrecked.length).toBeGreaterThan(0);
    expect(await state()).toEqual(before);
  });
});
