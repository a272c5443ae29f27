import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import { removeConnection } from "@/lib/connections/remove-connection";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, gatewayFeed, masks, revisions } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { loadSnapshot } from "@/lib/policy/snapshot";
import { createMask } from "./create-mask";
import { listMasks } from "./list-masks";
import { removeMask } from "./remove-mask";
import { setMasks } from "./set-masks";
import { updateMask } from "./update-mask";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const SSN = { column: "shop.customers.ssn", method: "redact" } as const;
const FULL = { options: {}, predicates: "deny", derived: "deny", exempt: [] } as const;

describe("masks", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  let connectionName: string;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    connectionName = `c${newId().slice(-12).toLowerCase()}`;
    const made = await createConnection(admin, { name: connectionName, host: "h", user: "u", password: "p" });
    connectionId = made.id;
  });

  const create = (change: object = {}) => createMask(admin, { ...SSN, connectionId, ...change });
  const listed = () => listMasks(ctxOf(store.db, "auditor"), connectionId);
  const published = async () => (await store.db.select().from(revisions).orderBy(asc(revisions.number))).at(-1);
  const feed = async () => (await store.db.select().from(gatewayFeed))[0]?.version ?? 0;
  const eventsOf = async (id: string) =>
    store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id)).orderBy(asc(auditEvents.id));

  it("are created with an audit event and a revision, wake the gateways, and are listed by column", async () => {
    const before = await feed();
    await create({ column: "shop.*.phone", method: "partial", options: { keep_last: 4 }, exempt: ["support"] });
    const { id, version, revision } = await create();
    expect(await feed()).toBe(before + 2);
    expect(await listed()).toMatchObject([
      { column: "shop.*.phone", method: "partial", options: { keep_last: 4 }, exempt: ["support"], problem: null },
      { id, ...SSN, ...FULL, version, connection: { id: connectionId, name: connectionName } },
    ]);
    expect(await published()).toMatchObject({ number: revision, summary: expect.stringContaining("Mask of shop.c") });
    expect((await published())?.document).toContain("column: shop.customers.ssn");
    expect(await eventsOf(id)).toMatchObject([
      {
        action: "mask.created",
        objectKind: "mask",
        objectName: SSN.column,
        connectionName,
        detail: { after: { ...SSN, ...FULL } },
      },
    ]);
    expect((await listMasks(admin)).map((one) => one.id)).toContain(id);
  });

  it("change as a whole from the version that was seen; what is left out is its default", async () => {
    const { id } = await create({ exempt: ["a"], join_class: "k" });
    const change = { id, version: 1, column: "shop.customers.*", method: "token" as const };
    const { version, revision } = await updateMask(admin, { ...change, summary: "wider" });
    expect(await listed()).toMatchObject([{ id, ...FULL, column: "shop.customers.*", method: "token", version }]);
    expect((await listed())[0]).not.toHaveProperty("join_class");
    expect(await published()).toMatchObject({ number: revision, summary: "wider" });
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      action: "mask.updated",
      detail: {
        changes: expect.arrayContaining([{ field: "method", before: "redact", after: "token" }]),
      },
    });
    expect(await updateMask(admin, { ...change, version: 2 })).toEqual({ version: 2, revision: null });
    await expect(updateMask(admin, { ...change, method: "null" })).rejects.toMatchObject({ code: "CONFLICT" });
    await expect(removeMask(admin, { id, version: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("are one for what they are about, in whatever spelling", async () => {
    const { id } = await create();
    const taken = { code: "INVALID_INPUT", problems: [{ path: "column" }] };
    await expect(create({ column: "shop.`customers`.SSN" })).rejects.toMatchObject(taken);
    const other = await create({ column: "shop.customers.phone" });
    await expect(updateMask(admin, { id: other.id, version: 1, ...SSN })).rejects.toMatchObject(taken);
    expect(await updateMask(admin, { id, version: 1, ...SSN, column: "shop.customers.SSN" })).toMatchObject({
      version: 2,
    });
    const raced = await Promise.allSettled([1, 2, 3].map(() => create({ column: "a.b.c" })));
    expect(raced.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  });

  it("are removed, and a second time are not there", async () => {
    const { id } = await create();
    expect(await removeMask(admin, { id, version: 1 })).toEqual({ column: SSN.column });
    expect(await listed()).toEqual([]);
    expect((await eventsOf(id)).at(-1)).toMatchObject({ action: "mask.deleted", detail: { before: SSN } });
    await expect(removeMask(admin, { id, version: 1 })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("are set for many columns at once as one revision: made where there is none, changed where there is one", async () => {
    await create();
    await create({ column: "a.b.c", method: "token" });
    const columns = ["shop.customers.SSN", "a.b.c", "a.b.D", "a.b.d"];
    const input = { connectionId, columns, mask: { method: "token" as const } };
    const before = (await published())?.number ?? 0;
    expect(await setMasks(admin, input)).toEqual({ created: 1, updated: 1, removed: 0, revision: before + 1 });
    expect((await listed()).map((one) => `${one.column} ${one.method} ${one.version}`)).toEqual([
      "a.b.c token 1",
      "a.b.d token 1",
      "shop.customers.ssn token 2",
    ]);
    expect((await published())?.summary).toBe(`Masks of 2 columns set to token on ${connectionName}`);
    expect(await setMasks(admin, input)).toMatchObject({ created: 0, updated: 0, revision: null });
    const removal = { connectionId, columns: ["a.b.c", "a.b.d", "not.there.yet"], mask: null };
    expect(await setMasks(admin, removal)).toMatchObject({ removed: 2, revision: before + 2 });
    expect((await listed()).map((one) => one.column)).toEqual(["shop.customers.ssn"]);
  });

  it.each<[string, object, string]>([
    ["a bad pattern", { column: "customers.ssn" }, "column"],
    ["an option that does not go with the method", { options: { size: 3 } }, "options.size"],
    ["a missing option", { method: "bucket" }, "options.size"],
    ["a path that is none", { options: { paths: ["a.b"] } }, "options.paths[0]"],
    ["an unknown method", { method: "hash" }, "method"],
  ])("refuse %s at its field", async (_, change, path) => {
    await expect(create(change)).rejects.toMatchObject({ code: "INVALID_INPUT", problems: [{ path }] });
  });

  it("refuse a bulk change with the same care", async () => {
    await expect(setMasks(admin, { connectionId, columns: ["x"], mask: { method: "bucket" } })).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ path: "columns[0]" }),
        expect.objectContaining({ path: "mask.options.size" }),
      ]),
    });
    await expect(setMasks(admin, { connectionId: newId(), columns: ["a.b.c"], mask: null })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("are only looked at by those who may not edit", async () => {
    const { id } = await create();
    const reviewer = ctxOf(store.db, "reviewer", "auditor");
    for (const attempt of [
      createMask(reviewer, { ...SSN, connectionId }),
      updateMask(reviewer, { ...SSN, id, version: 1 }),
      removeMask(reviewer, { id, version: 1 }),
      setMasks(reviewer, { connectionId, columns: ["a.b.c"], mask: null }),
      listMasks(ctxOf(store.db)),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });

  it("go with their connection, each with its audit event", async () => {
    const { id } = await create();
    await removeConnection(admin, { id: connectionId, typedName: connectionName });
    expect(await listed()).toEqual([]);
    expect((await eventsOf(id)).at(-1)).toMatchObject({
      action: "mask.deleted",
      message: `deleted with the connection ${connectionName}`,
    });
  });

  it("reach the gateways in the order of their columns", async () => {
    await create({ exempt: ["fraud"] });
    await create({ column: "*.*.email", method: "token" });
    const { byId, unreadable } = await loadSnapshot(store.db);
    expect(byId.get(connectionId)?.masks).toEqual([
      { ...FULL, column: "*.*.email", method: "token" },
      { ...FULL, ...SSN, exempt: ["fraud"] },
    ]);
    expect(unreadable).toEqual([]);
  });

  it("hide everything on the connection when one of them can not be read, and the gateways tell of it", async () => {
    await create({ column: "*.*.*", exempt: ["support"] });
    const { id } = await create();
    await store.db.execute(sql`update ${masks} set options = '{"salt":1}' where id = ${id}`);
    const { byId, unreadable } = await loadSnapshot(store.db);
    expect(byId.get(connectionId)?.masks).toEqual([{ ...FULL, column: "*.*.*", method: "redact" }]);
    expect(unreadable).toEqual([
      { mask: SSN.column, connection: connectionName, problem: expect.stringContaining("options") },
    ]);
    expect((await listed()).map((one) => one.problem === null)).toEqual([true, false]);
    await updateMask(admin, { id, version: 1, ...SSN });
    expect((await loadSnapshot(store.db)).unreadable).toEqual([]);
  });
});
