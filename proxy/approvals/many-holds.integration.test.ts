import type { Connection, ResultSetHeader } from "mysql2/promise";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { HELD_WAIT, HeldWorld } from "@/e2e/support/held-world";
import { testServer } from "@/e2e/support/store";
import { TcpProxy } from "@/e2e/support/tcp-proxy";
import { approve } from "@/lib/approvals/approve";
import type { Ctx } from "@/lib/ctx";
import { openStore } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { type ApprovalStore, approvalStore } from "./approval-store";

const HELD_AT_ONCE = 200;
const ASKED_AT_ONCE = 20;

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "ran",
    (error: Error) => error.message,
  );

describe("many statements that wait", () => {
  let world: HeldWorld;
  let rita: Ctx;
  beforeAll(async () => {
    world = await HeldWorld.create();
    rita = await world.reviewer();
  });
  afterAll(() => world.close());
  afterEach(() => world.clear());

  const run = (on: Connection, sql: string) => on.query<ResultSetHeader>(sql).then(([done]) => done.affectedRows);
  const hit = (id: number) => `UPDATE orders SET hits = hits + 1 WHERE id = ${id}`;

  it("are asked for in one query, and in none when nothing waits", async () => {
    const store = approvalStore(world.store.db, newId());
    const polls: number[] = [];
    const counted: ApprovalStore = {
      ...store,
      poll: (ids) => {
        polls.push(ids.length);
        return store.poll(ids);
      },
    };
    await world.admin.query("SET GLOBAL max_connections = GREATEST(@@max_connections, 600)");
    const gateway = await world.gateway({
      approvalStore: counted,
      approvals: { hold_seconds: 120, expires_minutes: 60, required: 1, reviewers: [] },
    });
    const clients: Connection[] = [];
    for (let n = 0; n < HELD_AT_ONCE; n += 1) clients.push(await world.client(gateway));
    expect(polls).toEqual([]);
    const ends: Promise<number | string>[] = [];
    for (const [n, client] of clients.entries()) {
      ends.push(outcome(run(client, hit(1000 + n))));
      // All at once, a machine that does other work may not write them within the time that a gateway gives its store.
      if (ends.length % ASKED_AT_ONCE === 0) {
        await vi.waitFor(() => expect(gateway.holds.size).toBe(ends.length), HELD_WAIT);
      }
    }
    const before = polls.length;
    await vi.waitFor(() => expect(polls.length).toBeGreaterThanOrEqual(before + 3), HELD_WAIT);
    expect(polls.slice(before + 1)).toEqual(polls.slice(before + 1).map(() => HELD_AT_ONCE));
    for (const { id } of await world.requests()) await approve(rita, { id, scope: "once" });
    expect(await Promise.all(ends)).toEqual(ends.map(() => "ran"));
    expect(gateway.holds.counts.released).toBe(HELD_AT_ONCE);
    await vi.waitFor(() => expect(gateway.holds.resting).toBe(true), HELD_WAIT);
  }, 120_000);

  it("wait at two gateways for the same approval, and only one of them runs by it", async () => {
    const [one, two] = [await world.gateway(), await world.gateway()];
    const ends = [run(await world.client(one), hit(1)), run(await world.client(two), hit(1))];
    const { id } = await world.held();
    await vi.waitFor(() => expect(one.holds.size + two.holds.size).toBe(2), HELD_WAIT);
    await approve(rita, { id, scope: "once" });
    expect(await Promise.race(ends)).toBe(1);
    const second = await world.held();
    expect(second.id).not.toBe(id);
    expect(await world.order(1)).toMatchObject({ hits: 1 });
    await approve(rita, { id: second.id, scope: "once" });
    expect(await Promise.all(ends)).toEqual([1, 1]);
    expect(await world.order(1)).toMatchObject({ hits: 2 });
  });

  it("wait on while the store is away, and hear what was decided when it is back", async () => {
    const away = new TcpProxy(testServer().port);
    await away.start();
    const store = openStore(world.store.url.replace(`:${testServer().port}/`, `:${away.port}/`));
    try {
      const approvalsAway = approvalStore(store.db, newId());
      let unanswered = 0;
      const poll: ApprovalStore["poll"] = (ids) =>
        approvalsAway.poll(ids).catch((error: unknown) => {
          unanswered += 1;
          throw error;
        });
      const gateway = await world.gateway({ approvalStore: { ...approvalsAway, poll } });
      const [stays, leaves] = [await world.client(gateway), await world.client(gateway)];
      const done = run(stays, hit(1));
      const { id } = await world.held();
      void outcome(run(leaves, hit(2)));
      await vi.waitFor(() => expect(gateway.holds.size).toBe(2), HELD_WAIT);
      await away.stop();
      leaves.destroy();
      await vi.waitFor(() => expect(gateway.holds.size).toBe(1), HELD_WAIT);
      expect(await outcome(run(await world.client(gateway), hit(3)))).toContain("code=UNAVAILABLE");
      await approve(rita, { id, scope: "once" });
      await vi.waitFor(() => expect(unanswered).toBeGreaterThan(0), HELD_WAIT);
      expect(gateway.holds.size).toBe(1);
      await away.start();
      expect(await done).toBe(1);
      await vi.waitFor(async () => expect((await world.requests())[1]?.holdState).toBe("retry_only"), HELD_WAIT);
    } finally {
      await store.close().catch(() => undefined);
      await away.stop();
    }
  });

  it("are told that their approvals are pending when the store stays away beyond their time", async () => {
    const store = approvalStore(world.store.db, newId());
    const failing = { ...store, poll: () => Promise.reject(new Error("store down")) };
    const gateway = await world.gateway({
      approvalStore: failing,
      approvals: { hold_seconds: 1, expires_minutes: 60, required: 1, reviewers: [] },
    });
    expect(await outcome(run(await world.client(gateway), hit(1)))).toContain("code=APPROVAL_PENDING");
  });

  it("go on waiting when the store goes away between an approval and its use", async () => {
    const store = approvalStore(world.store.db, newId());
    let refused = 0;
    const shaky: ApprovalStore = {
      ...store,
      take: (...args) => {
        if (gateway.holds.counts.released === 0 && waited && refused < 2) {
          refused += 1;
          return Promise.reject(new Error("store down"));
        }
        return store.take(...args);
      },
    };
    let waited = false;
    const gateway = await world.gateway({ approvalStore: shaky });
    const done = run(await world.client(gateway), hit(1));
    const { id } = await world.held();
    waited = true;
    await approve(rita, { id, scope: "once" });
    expect(await done).toBe(1);
    expect(refused).toBe(2);
    expect(await world.order(1)).toMatchObject({ hits: 1 });
  });
});
