import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
import { encodeCursor } from "@/lib/db/keyset";
import { type sessions, statements } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { getReplay } from "@/lib/recordings/get-replay";
import { getStatementReplay } from "@/lib/recordings/get-statement-replay";
import { exportStatements } from "./export";
import type { StatementFilter } from "./filter";
import { getStatement } from "./get";
import { countNewerStatements, latestStatementId, listStatements } from "./list";
import { SQL_PREVIEW_LENGTH } from "./sql-preview";

describe("the list of statements", () => {
  let store: TestStore;
  let ctx: Ctx;
  const session = newId();
  const identity = newId();
  const START = new Date("2026-11-23T06:00:00Z").getTime();
  const at = (second: number) => new Date(START + second * 1000);
  const row = (values: Partial<typeof statements.$inferInsert>) =>
    statementRow({ sessionId: session, identityId: identity, ...values });
  const texts = async (filter: StatementFilter) =>
    (await listStatements(ctx, { filter, order: "oldest" })).rows.map((r) => r.sqlPreview);

  beforeAll(async () => {
    store = await createTestStore();
    ctx = ctxOf(store.db, "auditor");
  });
  beforeEach(async () => {
    await store.db.delete(statements);
  });
  afterAll(() => store.close());

  it("pages through everything once, while newer rows keep arriving", async () => {
    const ids = Array.from({ length: 23 }, (_, i) => row({ at: at(i), sql: `SELECT ${i}` }));
    await insertStatements(store.db, ids);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listStatements(ctx, { filter: {}, cursor, size: 5 });
      seen.push(...page.rows.map((r) => r.id));
      cursor = page.next;
      await insertStatements(store.db, [row({ at: at(1000 + seen.length), sql: "SELECT 'newer'" })]);
    } while (cursor !== null);
    expect(seen).toEqual(ids.map((r) => r.id).toReversed());
  });

  it("says of what had no end when its gateway died that its outcome is unknown, before anybody marks it and after", async () => {
    const { db } = store;
    const silent = new Date(Date.now() - 3_600_000);
    const dead = await insertGateway(db, { heartbeatAt: silent });
    const marked = await insertGateway(db, { heartbeatAt: silent, stoppedAt: silent });
    const alive = await insertGateway(db, { heartbeatAt: new Date(Date.now() + 3_600_000) });
    const identityId = await insertIdentity(db, "orders-agent");
    const inSession = async (gatewayId: string, end: Partial<typeof sessions.$inferInsert> = {}) => {
      const sessionId = await insertSession(db, { gatewayId, identityId, recordedResults: "full", ...end });
      const one = statementRow({ sessionId, identityId, state: "running" });
      await insertStatements(db, [one]);
      return one.id;
    };
    const unknown = [
      await inSession(dead),
      await inSession(marked),
      await inSession(alive, { endedAt: silent, endReason: "cut" }),
    ];
    const running = [await inSession(alive), await inSession(alive, { endedAt: silent, endReason: "client_quit" })];
    await insertStatements(db, [row({ at: at(-5), state: "done" })]);
    const listed = async (state: "running" | "unknown") => {
      const { rows } = await listStatements(ctx, { filter: { state } });
      expect(new Set(rows.map((one) => one.state))).toEqual(new Set([state]));
      return rows.map((one) => one.id).toSorted();
    };
    expect(await listed("unknown")).toEqual(unknown.toSorted());
    expect(await listed("running")).toEqual(running.toSorted());
    const [first = "", ...others] = unknown;
    expect(others).toHaveLength(2);
    const detail = await getStatement(ctx, first);
    expect(detail.state).toBe("unknown");
    expect((await getReplay(ctx, detail.sessionId)).statements).toMatchObject([{ id: first, state: "unknown" }]);
    expect((await getStatementReplay(ctx, detail.sessionId, first)).missing).toBe("cut_off");
    const file = await new Response(exportStatements(ctx, { filter: { state: "unknown" }, format: "ndjson" })).text();
    expect(file.match(/"state":"unknown"/g)).toHaveLength(3);
  });

  it("pages back to where it came from, and ends at the first page", async () => {
    await insertStatements(
      store.db,
      Array.from({ length: 12 }, (_, i) => row({ at: at(i) })),
    );
    const first = await listStatements(ctx, { filter: {}, size: 5 });
    const second = await listStatements(ctx, { filter: {}, size: 5, cursor: first.next });
    const third = await listStatements(ctx, { filter: {}, size: 5, cursor: second.next });
    expect(first.previous).toBeNull();
    expect(third.rows).toHaveLength(2);
    expect(third.next).toBeNull();
    expect((await listStatements(ctx, { filter: {}, size: 5, cursor: third.previous })).rows).toEqual(second.rows);
    expect((await listStatements(ctx, { filter: {}, size: 5, cursor: second.previous })).rows).toEqual(first.rows);
    const beyond = encodeCursor({ side: "previous", id: first.rows[2]?.id ?? "" });
    expect(await listStatements(ctx, { filter: {}, size: 5, cursor: beyond })).toEqual(first);
  });

  it("gives the last page of an oldest-first list, to follow what happens now", async () => {
    const rows = Array.from({ length: 7 }, (_, i) => row({ at: at(i) }));
    await insertStatements(store.db, rows);
    const last = await listStatements(ctx, {
      filter: { session },
      order: "oldest",
      cursor: encodeCursor({ side: "previous", id: null }),
      size: 3,
    });
    expect(last.rows.map((r) => r.id)).toEqual(rows.slice(4).map((r) => r.id));
    expect(last.next).toBeNull();
    const before = await listStatements(ctx, { filter: { session }, order: "oldest", cursor: last.previous, size: 3 });
    expect(before.rows.map((r) => r.id)).toEqual(rows.slice(1, 4).map((r) => r.id));
  });

  it("finds text whatever the case, and takes % _ ! and quotes as they are", async () => {
    const all = ["SELECT 100% OF it", "SELECT 1000 of it", "select a_b", "SELECT axb", "SELECT 'it''s!' \\ x"];
    await insertStatements(
      store.db,
      all.map((sql, i) => row({ at: at(i), sql })),
    );
    expect(await texts({ text: "100% of" })).toEqual([all[0]]);
    expect(await texts({ text: "A_B" })).toEqual([all[2]]);
    expect(await texts({ text: "''s!' \\" })).toEqual([all[4]]);
    expect(await texts({ text: "OF IT" })).toEqual([all[0], all[1]]);
  });

  it("narrows by each field, and by several at once", async () => {
    const other = newId();
    await insertStatements(store.db, [
      row({ at: at(0), sql: "plain" }),
      row({ at: at(1), sql: "other session", sessionId: other }),
      row({ at: at(2), sql: "other identity", identityId: other }),
      row({ at: at(3), sql: "other connection", connectionName: "billing" }),
      row({ at: at(4), sql: "prepared", command: "prepare" }),
      row({ at: at(5), sql: "failed", errorNumber: 1064, errorMessage: "syntax" }),
      row({ at: at(6), sql: "slow", durationUs: 2_500_000 }),
      row({ at: at(7), sql: "slow and failed", durationUs: 2_500_000, errorNumber: 1317, identityId: other }),
    ]);
    expect(await texts({ session: other })).toEqual(["other session"]);
    expect(await texts({ identity: other })).toEqual(["other identity", "slow and failed"]);
    expect(await texts({ connection: "billing" })).toEqual(["other connection"]);
    expect(await texts({ command: "prepare" })).toEqual(["prepared"]);
    expect(await texts({ outcome: "error" })).toEqual(["failed", "slow and failed"]);
    expect(await texts({ errorNumber: 1064 })).toEqual(["failed"]);
    expect(await texts({ minMilliseconds: 2500 })).toEqual(["slow", "slow and failed"]);
    expect(await texts({ outcome: "ok", minMilliseconds: 2500 })).toEqual(["slow"]);
    expect(await texts({ identity: other, connection: "shop", text: "failed" })).toEqual(["slow and failed"]);
    expect(await texts({ from: at(2), to: at(4) })).toEqual(["other identity", "other connection"]);
  });

  it("looks at a bounded number of rows for a search, says how far it came, and goes on from there", async () => {
    const rows = Array.from({ length: 30 }, (_, i) =>
      row({ at: at(i), sql: i === 2 ? "SELECT needle" : "SELECT hay" }),
    );
    await insertStatements(store.db, rows);
    const found: string[] = [];
    const stops: (Date | null)[] = [];
    let cursor: string | null = null;
    do {
      const page = await listStatements(ctx, { filter: { text: "needle" }, cursor }, { primary: 10, secondary: 5 });
      found.push(...page.rows.map((r) => r.id));
      stops.push(page.searchedTo);
      cursor = page.next;
    } while (cursor !== null);
    expect(found).toEqual([rows[2]?.id]);
    expect(stops).toEqual([at(20), at(10), at(0), null]);
  });

  it("announces how many newer statements meet the filter", async () => {
    const [seen, ...later] = Array.from({ length: 4 }, (_, i) =>
      row({ at: at(i), sql: i === 3 ? "DELETE" : "SELECT" }),
    );
    await insertStatements(
      store.db,
      [seen, ...later].filter((r) => r !== undefined),
    );
    expect(await countNewerStatements(ctx, {}, seen?.id ?? "")).toBe(3);
    expect(await countNewerStatements(ctx, { text: "delete" }, seen?.id ?? "")).toBe(1);
  });

  it("knows the newest statement of the whole store, and of none", async () => {
    expect(await latestStatementId(ctx)).toBeNull();
    const rows = [row({ at: at(5) }), row({ at: at(1) })];
    await insertStatements(store.db, rows);
    expect(await latestStatementId(ctx)).toBe(rows[0]?.id);
  });

  it("gives one statement whole, with its neighbours in the session only", async () => {
    const long = `SELECT '${"x".repeat(SQL_PREVIEW_LENGTH)}' AS end_of_text`;
    const [before, one, after] = [row({ at: at(1) }), row({ at: at(2), sql: long }), row({ at: at(4) })] as const;
    const elsewhere = row({ at: at(3), sessionId: newId() });
    await insertStatements(store.db, [before, one, after, elsewhere]);
    expect((await listStatements(ctx, { filter: { session } })).rows[1]?.sqlPreview).toHaveLength(SQL_PREVIEW_LENGTH);
    expect(await getStatement(ctx, one.id)).toMatchObject({ sql: long, previousId: before.id, nextId: after.id });
    expect(await getStatement(ctx, elsewhere.id)).toMatchObject({ previousId: null, nextId: null });
    await expect(getStatement(ctx, newId())).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("is closed to people without a role", async () => {
    const stranger = ctxOf(store.db);
    await expect(listStatements(stranger, { filter: {} })).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(getStatement(stranger, newId())).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(countNewerStatements(stranger, {}, newId())).rejects.toMatchObject({ code: "FORBIDDEN" });
    await expect(latestStatementId(stranger)).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
