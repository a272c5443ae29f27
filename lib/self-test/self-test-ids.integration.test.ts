import { afterAll, beforeAll, expect, it } from "vitest";
import {
  ctxOf,
  insertConnection,
  insertGateway,
  insertIdentity,
  insertSession,
  insertStatements,
  statementRow,
} from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { newId } from "@/lib/ids";
import { readFirstSteps } from "@/lib/overview/first-steps";
import { recentDenials } from "@/lib/overview/recent-denials";
import { readTraffic } from "@/lib/statements/traffic";
import { readRuleHits } from "@/lib/unused/rule-hits";
import { markedIdentity } from "./marked-identity";
import { selfTestIds } from "./self-test-ids";

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

it("a self-test is no agent that came, and no statement of one: first steps wait for the first of those", async () => {
  const own = await createTestStore();
  const ctx = ctxOf(own.db, "admin");
  const gatewayId = await insertGateway(own.db);
  const send = async (identityId: string) => {
    const sessionId = await insertSession(own.db, { gatewayId, identityId });
    await insertStatements(own.db, [statementRow({ sessionId, identityId })]);
  };
  await send((await markedIdentity(own.db, { id: newId(), name: "shop" })).id);
  expect(await readFirstSteps(ctx)).toMatchObject({ agent: false, statement: false });
  await send(await insertIdentity(own.db, "orders-agent"));
  expect(await readFirstSteps(ctx)).toMatchObject({ agent: true, statement: true });
  await own.close();
});

it("what self-tests send is no traffic to learn from, no use of a privilege and no denial to look at", async () => {
  const { db } = store;
  const connection = { id: await insertConnection(db, { name: "shop" }), name: "shop" };
  const agent = await insertIdentity(db, "orders-agent");
  const attacker = await markedIdentity(db, connection);
  expect(await selfTestIds(db)).toEqual([attacker.id]);
  const gatewayId = await insertGateway(db);
  const decided = { policyName: "p", ruleName: "r", waitedUs: 5, effect: "deny" } as const;
  for (const identityId of [agent, attacker.id]) {
    const sessionId = await insertSession(db, { gatewayId, identityId });
    await insertStatements(db, [statementRow({ sessionId, identityId, connectionId: connection.id, ...decided })]);
  }
  const since = new Date(Date.now() - 60_000);
  const until = new Date(Date.now() + 60_000);
  const traffic: string[] = [];
  for await (const batch of readTraffic(db, { connection, since, until })) {
    traffic.push(...batch.map(({ identityId }) => identityId));
  }
  expect(traffic).toEqual([agent]);
  const hits = await readRuleHits(db, { id: connection.id, names: ["shop"] }, since, until, await selfTestIds(db));
  expect(hits.map(({ identityId }) => identityId)).toEqual([agent]);
  expect((await recentDenials(ctxOf(db, "auditor"), 5)).map(({ identityId }) => identityId)).toEqual([agent]);
});
