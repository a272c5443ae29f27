import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalWorld } from "@/e2e/support/approvals";
import {
  ctxOf,
  insertGateway,
  insertIdentity,
  insertSession,
  insertStatements,
  statementRow,
} from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import type { SessionFilter } from "./filter";
import { filterOptions } from "./filter-options";
import { getSession } from "./get";
import { countLiveSessions, listSessions } from "./list";
import { STRIP_LENGTH } from "./outcomes";
import { sessionPulse } from "./pulse";

describe("the list of sessions", () => {
  const NOW = new Date("2026-11-23T08:00:00Z");
  const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
  let store: TestStore;
  let ctx: Ctx;
  let ids: Record<"live" | "quit" | "killed" | "cutMarked" | "cutUnmarked" | "other", string>;
  let orders: string;
  let support: string;

  const names = async (filter: SessionFilter) => {
    const page = await listSessions(ctx, { filter, now: NOW });
    return page.rows.map((row) => Object.entries(ids).find(([, id]) => id === row.id)?.[0]);
  };

  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "reviewer");
    const { db } = store;
    const alive = await insertGateway(db, { heartbeatAt: ago(1) });
    const dead = await insertGateway(db, { heartbeatAt: ago(11) });
    orders = await insertIdentity(db, "orders-agent");
    support = await insertIdentity(db, "support-agent");
    const of = (gatewayId: string, identityId = orders) => ({ gatewayId, identityId });
    ids = {
      quit: await insertSession(db, { ...of(alive), startedAt: ago(600), endedAt: ago(500), endReason: "client_quit" }),
      killed: await insertSession(db, { ...of(alive), startedAt: ago(500), endedAt: ago(400), endReason: "killed" }),
      cutMarked: await insertSession(db, { ...of(dead), startedAt: ago(400), endedAt: ago(11), endReason: "cut" }),
      cutUnmarked: await insertSession(db, { ...of(dead), startedAt: ago(300) }),
      other: await insertSession(db, { ...of(alive, support), startedAt: ago(200), connectionName: "billing" }),
      live: await insertSession(db, { ...of(alive), startedAt: ago(100) }),
    };
    const row = (sequence: number, errorNumber: number | null) =>
      statementRow({ sessionId: ids.live, identityId: orders, sequence, at: ago(90 - sequence), errorNumber });
    await insertStatements(
      db,
      Array.from({ length: STRIP_LENGTH + 5 }, (_, i) => row(i + 1, i === STRIP_LENGTH ? 1064 : null)),
    );
  });
  afterAll(() => store.close());

  it("tells live, ended and cut sessions apart, also before anybody marked the cut", async () => {
    const page = await listSessions(ctx, { filter: {}, now: NOW });
    expect(page.rows.map((r) => [r.id, r.state, r.endReason, r.identityName])).toEqual([
      [ids.live, "live", null, "orders-agent"],
      [ids.other, "live", null, "support-agent"],
      [ids.cutUnmarked, "cut", null, "orders-agent"],
      [ids.cutMarked, "cut", "cut", "orders-agent"],
      [ids.killed, "ended", "killed", "orders-agent"],
      [ids.quit, "ended", "client_quit", "orders-agent"],
    ]);
    expect(page.rows[2]?.endedAt).toEqual(ago(11));
  });

  it("narrows by state, identity, connection, reason and time", async () => {
    expect(await names({ state: "live" })).toEqual(["live", "other"]);
    expect(await names({ state: "over" })).toEqual(["cutUnmarked", "cutMarked", "killed", "quit"]);
    expect(await names({ state: "live", identity: orders })).toEqual(["live"]);
    expect(await names({ identity: support })).toEqual(["other"]);
    expect(await names({ connection: "billing" })).toEqual(["other"]);
    expect(await names({ reason: "cut" })).toEqual(["cutUnmarked", "cutMarked"]);
    expect(await names({ reason: "killed", connection: "shop" })).toEqual(["killed"]);
    expect(await names({ from: ago(400), to: ago(200) })).toEqual(["cutUnmarked", "cutMarked"]);
    expect(await names({ range: "15m", state: "over", reason: "client_quit" })).toEqual(["quit"]);
  });

  it("pages without losing the order", async () => {
    const first = await listSessions(ctx, { filter: {}, size: 4, now: NOW });
    const second = await listSessions(ctx, { filter: {}, size: 4, cursor: first.next, now: NOW });
    expect([...first.rows, ...second.rows].map((r) => r.id)).toEqual(
      (await listSessions(ctx, { filter: {}, now: NOW })).rows.map((r) => r.id),
    );
    expect(second.next).toBeNull();
  });

  it("carries the last statements' outcomes, oldest first", async () => {
    const page = await listSessions(ctx, { filter: { state: "live" }, now: NOW });
    const strip = page.rows[0]?.outcomes ?? [];
    expect(strip).toHaveLength(STRIP_LENGTH);
    expect(strip.map((o) => o.errorNumber)).toEqual([
      ...Array.from({ length: STRIP_LENGTH - 5 }, () => null),
      1064,
      null,
      null,
      null,
      null,
    ]);
    expect(page.rows[1]?.outcomes).toEqual([]);
  });

  it("counts what runs now, and finds one session by its id", async () => {
    expect(await countLiveSessions(ctx, NOW)).toBe(2);
    expect((await getSession(ctx, ids.cutUnmarked, NOW)).state).toBe("cut");
    await expect(getSession(ctx, "01KB0000000000000000000000")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("tells an open page what became of its sessions, and how many are newer", async () => {
    const pulse = await sessionPulse(ctx, { ids: [ids.quit, ids.cutUnmarked], afterId: ids.cutUnmarked });
    expect(pulse.newer).toBe(2);
    expect(new Map(pulse.sessions.map((s) => [s.id, s.state]))).toEqual(
      new Map([
        [ids.quit, "ended"],
        [ids.cutUnmarked, "cut"],
      ]),
    );
    expect(await sessionPulse(ctx, { ids: [], afterId: null })).toEqual({ newer: 0, sessions: [] });
  });

  it("offers identities and connections to filter by, also those that exist in history only", async () => {
    const options = await filterOptions(ctx);
    expect(options.connections).toEqual(["billing", "shop"]);
    expect(options.identities.map((i) => i.name).toSorted()).toEqual(["orders-agent", "support-agent"]);
  });

  it("goes by the store's clock when no time is given", async () => {
    const beating = await insertGateway(store.db, { heartbeatAt: new Date() });
    const session = await insertSession(store.db, { gatewayId: beating, identityId: orders });
    expect((await getSession(ctx, session)).state).toBe("live");
    await store.pool.query("UPDATE gateways SET heartbeat_at = UTC_TIMESTAMP(3) - INTERVAL 11 SECOND WHERE id = ?", [
      beating,
    ]);
    expect((await getSession(ctx, session)).state).toBe("cut");
  });

  it("tells which request a live session waits for, and none of a session that is over or of a client that left", async () => {
    const world = await approvalWorld(store.db);
    const waits = async (sessionId: string, holdState: "held" | "retry_only") => {
      await world.request({ sessionId, holdState, sql: `SELECT '${sessionId}'` });
      return (await getSession(ctx, sessionId, NOW)).waitingFor;
    };
    expect((await getSession(ctx, ids.live, NOW)).waitingFor).toBeNull();
    expect(await waits(ids.live, "held")).toMatch(/^[0-9A-Z]{26}$/);
    expect(await waits(ids.quit, "held")).toBeNull();
    expect(await waits(ids.cutUnmarked, "retry_only")).toBeNull();
  });

  it("is closed to people without a role", async () => {
    const stranger = ctxOf(store.db);
    await expect(listSessions(stranger, { filter: {} })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getSession(stranger, ids.live)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(sessionPulse(stranger, { ids: [], afterId: null })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(filterOptions(stranger)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(countLiveSessions(stranger)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
