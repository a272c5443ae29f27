import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { ConnectionChange } from "@/lib/connections/input";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import type { Ctx } from "@/lib/ctx";
import { connections } from "@/lib/db/schema";
import { createMask } from "@/lib/masks/create-mask";
import { listMasks } from "@/lib/masks/list-masks";
import { setMasks } from "@/lib/masks/set-masks";
import { diffRevisions } from "./diff-revisions";
import { getRevision } from "./read-revisions";
import { rollBack } from "./roll-back";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const CLEAN = { user: "clean", password: "cl3an" };

describe("revisions with masks", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  /** 1: the connection. 2: a mask. 3: that one in another way. 4: one more mask. */
  beforeEach(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    const made = await createConnection(admin, {
      name: "shop",
      host: "db",
      user: "app",
      password: "s3cret",
      restricted: CLEAN,
    });
    connectionId = made.id;
    await createMask(admin, { connectionId, column: "shop.t.a", method: "redact" });
    await setMasks(admin, { connectionId, columns: ["shop.t.a"], mask: { method: "token", exempt: ["x"] } });
    await createMask(admin, { connectionId, column: "shop.t.b", method: "null" });
  });
  afterEach(() => store.close());

  const listed = async () =>
    (await listMasks(admin)).map((one) => `${one.connection.name} ${one.column} ${one.method}`);
  async function change(more: Partial<ConnectionChange>) {
    const row = await connection();
    await updateConnection(admin, { id: row.id, version: row.version, fields: editableOf(row), ...more });
  }
  async function connection() {
    const [row] = (await store.db.select().from(connections)).filter((one) => one.name === "shop");
    if (row === undefined) throw new Error("no connection");
    return row;
  }

  it("are compared in words", async () => {
    expect((await diffRevisions(admin, { from: 2, to: 4 })).changes).toMatchObject([
      {
        kind: "mask",
        action: "changed",
        name: "shop.t.a on shop",
        words: ["method: redact -> token", 'exempt: [] -> ["x"]'],
      },
      { kind: "mask", action: "added", name: "shop.t.b on shop", words: ["null"] },
    ]);
    const back = await diffRevisions(admin, { from: 4, to: 1 });
    expect(back.changes?.map((one) => `${one.action} ${one.name}: ${one.words.join()}`)).toEqual([
      "removed shop.t.a on shop: token; exempt x",
      "removed shop.t.b on shop: null",
    ]);
  });

  it("come back as they were", async () => {
    const done = await rollBack(admin, { number: 2, newest: 4 });
    expect(done.changes.map((one) => `${one.action} ${one.kind} ${one.name}`)).toEqual([
      "update mask shop.t.a on shop",
      "delete mask shop.t.b on shop",
    ]);
    expect(await listed()).toEqual(["shop shop.t.a redact"]);
    expect((await getRevision(admin, 5)).document).toBe((await getRevision(admin, 2)).document);
    expect(await rollBack(admin, { number: 2 })).toMatchObject({ changes: [], revision: null });
    await rollBack(admin, { number: 4 });
    expect(await listed()).toEqual(["shop shop.t.a token", "shop shop.t.b null"]);
  });

  it("leave the masks of connections that were made since", async () => {
    const { id } = await createConnection(admin, { name: "new", host: "db", user: "app", password: "x" });
    await createMask(admin, { connectionId: id, column: "a.b.c", method: "redact" });
    expect(await rollBack(admin, { number: 4 })).toMatchObject({ changes: [], kept: ["new"] });
    expect(await listed()).toContain("new a.b.c redact");
  });

  it("keep the restricted account that the connection has now and did not have then", async () => {
    await change({ restricted: null });
    const without = 5;
    await change({ restricted: CLEAN, fields: { ...editableOf(await connection()), limits: { max_rows: 3 } } });
    const { sealedRestrictedPassword } = await connection();
    const done = await rollBack(admin, { number: without });
    expect(done).toMatchObject({ leftOut: [], restrictedKept: ["shop"] });
    expect(done.changes).toMatchObject([{ kind: "connection", details: ["limits.max_rows: 3 -> null"] }]);
    expect(await connection()).toMatchObject({ restrictedUser: "clean", sealedRestrictedPassword });
  });

  it("never make up a restricted account's password: the connection is named, and left out only when asked", async () => {
    await change({ restricted: null });
    await expect(rollBack(admin, { number: 2 })).rejects.toMatchObject({
      code: "CONFLICT",
      problems: [{ path: "connections.shop", message: expect.stringContaining("its restricted account was clean") }],
    });
    await rollBack(admin, { number: 2, leaveOut: true });
    expect(await connection()).toMatchObject({ restrictedUser: null });
    expect(await listed()).toEqual(["shop shop.t.a redact"]);
  });
});
