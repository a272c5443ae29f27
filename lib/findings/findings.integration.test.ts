import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ctxOf, insertConnection } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditEvents, columnFindings, connections } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Mask } from "@/lib/masking/mask";
import { type FindingKind, findingOf } from "@/lib/masking/suggest/finding";
import { acceptFindings } from "./accept";
import { dismissFindings } from "./dismiss";
import { countOpen, listFindings } from "./list";
import { reopenFindings } from "./reopen";
import { saveFindings } from "./save-findings";
import { claimScan, endScan, saveChecked, underClaim } from "./scan-state";
import { settleMasked } from "./settle-masked";

describe("findings", () => {
  let store: TestStore;
  let connectionId: string;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    await store.db.delete(connections);
    await store.db.delete(auditEvents);
    connectionId = await insertConnection(store.db, { name: "shop" });
  });

  const find = (name: string, kind: FindingKind | null, final = true) =>
    saveFindings(store.db, connectionId, [
      {
        column: { schema: "shop", table: "people", name, dataType: "varchar" },
        finding: kind === null ? null : findingOf(kind, 80, "Its name says so"),
        final,
      },
    ]);
  const rows = async () =>
    (await store.db.select().from(columnFindings).orderBy(asc(columnFindings.column))).map(
      ({ id, column, kind, status }) => ({ id, column, kind, status }),
    );
  const idOf = async (column: string) => (await rows()).find((row) => row.column === column)?.id ?? "";
  const events = async () =>
    (await store.db.select().from(auditEvents).orderBy(asc(auditEvents.id))).map(({ action, objectName }) => [
      action,
      objectName,
    ]);
  const admin = () => ctxOf(store.db, "admin");

  it("follow what is found while nobody has decided, and go when it is nothing", async () => {
    await find("a", "phone", false);
    await find("a", "email", false);
    expect(await rows()).toMatchObject([{ column: "a", kind: "phone", status: "open" }]);
    await find("a", "email");
    expect(await rows()).toMatchObject([{ column: "a", kind: "email", status: "open" }]);
    await find("a", null);
    expect(await rows()).toEqual([]);
  });

  it("that were dismissed come back only as another kind", async () => {
    await find("a", "email");
    await dismissFindings(admin(), { ids: [await idOf("a")], reason: "addresses of shops" });
    await find("a", "email");
    await find("a", null);
    expect(await rows()).toMatchObject([{ column: "a", kind: "email", status: "dismissed" }]);
    await find("a", "phone");
    expect(await rows()).toMatchObject([{ column: "a", kind: "phone", status: "open" }]);
    expect(await events()).toEqual([["finding.dismissed", "shop.people.a"]]);
  });

  it("become masks as suggested or as given, all or none", async () => {
    await find("a", "email");
    await find("b.c", "national_id");
    const ids = [await idOf("a"), await idOf("b.c")];
    const made: Mask[] = [];
    const apply = async (_ctx: unknown, id: string, masks: readonly Mask[]) => {
      expect(id).toBe(connectionId);
      made.push(...masks);
    };
    const failing = acceptFindings(admin(), { ids }, async () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await countOpen(admin(), connectionId)).toBe(2);
    const given = { method: "partial", options: { keep_last: 4 }, exempt: ["fraud"] } as const;
    await acceptFindings(admin(), { ids, masks: { [ids[1] ?? ""]: { ...given, exempt: ["fraud"] } } }, apply);
    expect(made).toMatchObject([
      { column: "shop.people.a", method: "email", predicates: "deny" },
      { column: "shop.people.`b.c`", method: "partial", options: { keep_last: 4 }, exempt: ["fraud"] },
    ]);
    expect((await rows()).map((row) => row.status)).toEqual(["accepted", "accepted"]);
    expect(await events()).toHaveLength(2);
  });

  it("are decided once: whoever comes second is told", async () => {
    await find("a", "email");
    const ids = [await idOf("a")];
    await dismissFindings(admin(), { ids });
    const second = acceptFindings(admin(), { ids }, async () => undefined);
    await expect(second).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(second).rejects.toThrow(/dismissed by Test Person already/);
    await reopenFindings(admin(), { ids });
    expect(await countOpen(admin())).toBe(1);
    await expect(dismissFindings(admin(), { ids: [newId()] })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("of columns that are masked already are settled", async () => {
    await find("a", "email");
    await find("b", "email");
    await settleMasked(admin(), connectionId, ({ column }) => column === "a");
    expect(await rows()).toMatchObject([{ status: "accepted" }, { status: "open" }]);
    expect(await events()).toEqual([["finding.accepted", "shop.people.a"]]);
  });

  it("are listed page by page, by status, kind, confidence and text", async () => {
    for (const name of ["a", "b", "c"]) await find(name, name === "c" ? "phone" : "email");
    const list = (filter: Parameters<typeof listFindings>[1]["filter"], cursor: string | null = null) =>
      listFindings(ctxOf(store.db, "auditor"), { filter, cursor, size: 2 });
    const first = await list({});
    expect(first.rows).toHaveLength(2);
    expect(first.rows[0]).toMatchObject({ connectionName: "shop", confidence: 80 });
    expect((await list({}, first.next)).rows).toHaveLength(1);
    expect((await list({ kind: "phone" })).rows).toHaveLength(1);
    expect((await list({ confidence: 81 })).rows).toEqual([]);
    expect((await list({ q: "PEOPLE", connectionId, status: "open" })).rows).toHaveLength(2);
  });

  it("are seen by admins and auditors, and decided by admins only", async () => {
    await find("a", "email");
    const ids = [await idOf("a")];
    await expect(listFindings(ctxOf(store.db, "reviewer"), { filter: {} })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    for (const role of ["auditor", "reviewer"] as const) {
      const ctx = ctxOf(store.db, role);
      await expect(dismissFindings(ctx, { ids })).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(reopenFindings(ctx, { ids })).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(acceptFindings(ctx, { ids }, async () => undefined)).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });
});

describe("the claim on a connection's scan", () => {
  let store: TestStore;
  let connectionId: string;
  const print = "f".repeat(64);
  beforeAll(async () => {
    store = await createTestStore();
    connectionId = await insertConnection(store.db, { name: "shop" });
  });
  afterAll(() => store.close());

  it("is one process's until it ends, is lost to another when it is not renewed, and is not given for what is done", async () => {
    const one = { connectionId, by: newId() };
    const two = { connectionId, by: newId() };
    const asked = await Promise.all([claimScan(store.db, one, print), claimScan(store.db, two, print)]);
    expect(asked.map((answer) => answer.kind).toSorted()).toEqual(["busy", "claimed"]);
    const [winner, loser] = asked[0]?.kind === "claimed" ? [one, two] : [two, one];
    const keys = new Set(["00112233445566aa", "00112233445566bb"]);
    await underClaim(store.db, winner, (tx) => saveChecked(tx, winner, keys));
    await store.pool.query("UPDATE column_scans SET claimed_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
    expect(await claimScan(store.db, loser, print)).toEqual({ kind: "claimed", checked: keys });
    expect(await underClaim(store.db, winner, async () => expect.unreachable())).toBe(false);
    await underClaim(store.db, loser, (tx) => endScan(tx, loser, { fingerprint: print, error: null }));
    expect(await claimScan(store.db, winner, print)).toEqual({ kind: "done" });
    expect((await claimScan(store.db, winner, "e".repeat(64))).kind).toBe("claimed");
  });

  it("goes with its connection", async () => {
    await store.db.delete(connections).where(eq(connections.id, connectionId));
    const [left] = await store.pool.query("SELECT * FROM column_scans");
    expect(left).toEqual([]);
  });
});
