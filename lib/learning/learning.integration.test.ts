import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChainWriter, statementRow } from "@/e2e/support/recorded";
import { ctxOf, insertConnection, insertGateway, insertIdentity, insertSession } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { CONSOLE_ANALYSTS } from "@/lib/analyses/analysts";
import { cancelAnalysis } from "@/lib/analyses/cancel";
import { runDueAnalysis } from "@/lib/analyses/run-due";
import { storeCatalogue } from "@/lib/catalogue/store";
import type { Ctx } from "@/lib/ctx";
import { masks, statementMinutes } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
import { newId } from "@/lib/ids";
import { columnsOf } from "@/lib/masks/mask-columns";
import { createPolicy } from "@/lib/policy/create-policy";
import { MASKS } from "@/lib/policy/suggest/learning.fixture";
import { Player } from "@/lib/policy/suggest/traffic.fixture";
import { canonicalise } from "@/lib/sql/canonical";
import { lexText } from "@/lib/sql/lexer";
import { SHOP } from "@/lib/sql/shop.fixture";
import { getProposal } from "./get-proposal";
import { listSeen } from "./list-seen";
import { startLearning } from "./start";

const BEGIN = new Date("2026-05-01T10:00:00Z");
const HOUR = 3_600_000;
const PERIOD = {
  connection: "shop",
  since: BEGIN.toISOString(),
  until: new Date(BEGIN.getTime() + HOUR).toISOString(),
};

describe("learning from the record", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  let orders: string;
  let rogue: string;

  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    connectionId = await insertConnection(store.db, { name: "shop", schema: "shop", mode: "observe" });
    await storeCatalogue(store.db, connectionId, SHOP, new Date());
    await insertMasks(store, connectionId);
    const gateway = await insertGateway(store.db);
    orders = await insertIdentity(store.db, "orders-agent");
    rogue = await insertIdentity(store.db, "rogue-agent");
    const writer = await ChainWriter.open(store.db);
    for (const [agent, identityId] of [
      ["orders", orders],
      ["rogue", rogue],
    ] as const) {
      const sessionId = await insertSession(store.db, { gatewayId: gateway, identityId, startedAt: BEGIN });
      const rows = new Player(1).play(agent, 300).map(({ sql, bound, rows: rowCount }, at) => {
        const when = new Date(BEGIN.getTime() + at * 1000 + (agent === "rogue" ? 500 : 0));
        const lexed = lexText(sql, "mariadb");
        return statementRow(sessionId, at + 1, {
          id: `${firstIdAt(when).slice(0, 10)}${identityId.slice(10)}`,
          at: when,
          identityId,
          connectionId,
          sql,
          rowCount,
          command: bound === null ? "query" : "execute",
          parameters: bound,
          templateHash: lexed.ok ? canonicalise(lexed.lexed).templateHash : null,
          effect: "deny",
          ruleName: null,
          policyName: null,
        });
      });
      await writer.write({ statements: rows });
    }
  });
  afterAll(() => store.close());

  async function learned(input: object) {
    const { id } = await startLearning(admin, { ...PERIOD, ...input });
    const problems: unknown[] = [];
    const worker = {
      name: "test",
      analysts: CONSOLE_ANALYSTS,
      signal: new AbortController().signal,
      onError: (error: unknown) => problems.push(error),
    };
    await runDueAnalysis(store.db, worker);
    expect(problems).toEqual([]);
    return { id, ...(await getProposal(admin, id)) };
  }

  it("proposes a policy for each identity, most statements first, and sets the one apart that misbehaves", async () => {
    const { analysis, result, input } = await learned({});
    expect(analysis).toMatchObject({ state: "done", error: null, progress: 1 });
    expect(input).toMatchObject({ together: false, identities: [] });
    expect(result?.statements).toBe(600);
    const byName = new Map(result?.policies.map((one) => [one.policy.name, one]));
    expect(byName.get("orders-agent (learned)")).toMatchObject({
      identities: [{ id: orders, name: "orders-agent" }],
      policy: { identities: [{ client_id: "orders-agent" }] },
      statements: 300,
      apart: null,
    });
    expect(byName.get("orders-agent (learned)")?.allowedShare).toBeGreaterThan(0.9);
    expect(byName.get("rogue-agent (learned)")?.apart).toMatch(/look at it before you give it a policy/);
    const evidence = byName.get("orders-agent (learned)")?.rules[0]?.templates[0];
    expect(evidence?.examples[0]).toMatchObject({
      statementId: expect.any(String),
      sql: expect.stringMatching(/^(SELECT|UPDATE)/),
    });
  });

  it("looks only at whom and when it was asked about, and takes no name that there is", async () => {
    const half = new Date(BEGIN.getTime() + 150_000).toISOString();
    await createPolicy(admin, { connectionId, identities: [], name: "orders-agent (learned)", rules: [] });
    const { result } = await learned({ identities: [orders], until: half });
    expect(result).toMatchObject({ statements: 150, policies: [{ policy: { name: "orders-agent (learned 2)" } }] });
  });

  it("makes one policy for all where that is asked", async () => {
    const { result } = await learned({ together: true });
    expect(result?.policies).toMatchObject([
      {
        statements: 600,
        policy: { identities: expect.arrayContaining([{ client_id: "orders-agent" }, { client_id: "rogue-agent" }]) },
      },
    ]);
  });

  it("finds nothing in a period without statements", async () => {
    const { result } = await learned({
      since: new Date(BEGIN.getTime() - HOUR).toISOString(),
      until: BEGIN.toISOString(),
    });
    expect(result).toEqual({ statements: 0, policies: [] });
  });

  it("fails in words where the connection or its schema is not known", async () => {
    await insertConnection(store.db, { name: "unread" });
    expect((await learned({ connection: "unread" })).analysis).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/schema of unread is not known yet/),
    });
    expect((await learned({ connection: "gone" })).analysis).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/no connection gone/),
    });
  });

  it("is not begun once somebody has cancelled it", async () => {
    const { id } = await startLearning(admin, PERIOD);
    await cancelAnalysis(admin, id);
    const worker = {
      name: "test",
      analysts: CONSOLE_ANALYSTS,
      signal: new AbortController().signal,
      onError: () => undefined,
    };
    await runDueAnalysis(store.db, worker);
    expect(await getProposal(admin, id)).toMatchObject({ analysis: { state: "cancelled" }, result: null });
  });

  it("is for administrators to start, for auditors to see, and for no reviewer", async () => {
    const { id } = await learned({ identities: [orders] });
    await expect(startLearning(ctxOf(store.db, "auditor"), PERIOD)).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect((await getProposal(ctxOf(store.db, "auditor"), id)).result).not.toBeNull();
    await expect(getProposal(ctxOf(store.db, "reviewer"), id)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(startLearning(admin, { ...PERIOD, until: PERIOD.since })).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });

  it("tells who sent statements on a connection in a period, newest first", async () => {
    const period = { connection: "shop", since: BEGIN, until: new Date(BEGIN.getTime() + HOUR) };
    expect(await listSeen(admin, period)).toEqual([]);
    await countMinutes(store, [
      [orders, 1, 200],
      [orders, 3, 100],
      [rogue, 4, 300],
    ]);
    expect(await listSeen(admin, period)).toEqual([
      { id: rogue, name: "rogue-agent", kind: "machine", statements: 300, lastAt: minute(4) },
      { id: orders, name: "orders-agent", kind: "machine", statements: 300, lastAt: minute(3) },
    ]);
    expect(await listSeen(admin, { ...period, until: minute(3) })).toMatchObject([{ id: orders, statements: 200 }]);
    expect(await listSeen(admin, { ...period, connection: "other" })).toEqual([]);
  });
});

const minute = (at: number) => new Date(BEGIN.getTime() + at * 60_000);

async function insertMasks({ db }: TestStore, connectionId: string): Promise<void> {
  const now = new Date();
  const stamp = { createdAt: now, updatedAt: now, updatedBy: "test" };
  await db.insert(masks).values(MASKS.map((one) => ({ id: newId(), connectionId, ...columnsOf(one), ...stamp })));
}

/** Sums as the shipper writes them: who, in which minute, how many. */
async function countMinutes({ db }: TestStore, counts: readonly (readonly [string, number, number])[]): Promise<void> {
  await db.insert(statementMinutes).values(
    counts.map(([identityId, at, statements]) => ({
      minute: minute(at),
      connectionName: "shop",
      identityId,
      effect: "allow" as const,
      failed: false,
      statements,
      rows: 0,
      maskedRows: 0,
      durationUs: 0,
    })),
  );
}
