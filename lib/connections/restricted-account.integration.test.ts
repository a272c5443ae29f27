import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, revisions } from "@/lib/db/schema";
import { loadSnapshot } from "@/lib/policy/snapshot";
import { createConnection } from "./create-connection";
import { openCredential, openRestrictedCredential } from "./credential";
import { getConnection } from "./get-connection";
import type { ConnectionChange } from "./input";
import { rotateCredential } from "./rotate-credential";
import { editableOf, updateConnection } from "./update-connection";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const SECRET = "clean-Pw-4711";

describe("a connection's restricted account", () => {
  let store: TestStore;
  let admin: Ctx;
  let count = 0;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());

  const make = (restricted?: { user: string; password: string }) =>
    createConnection(admin, {
      name: `c${++count}`,
      host: "db",
      user: "app",
      password: "main-pw",
      ...(restricted === undefined ? {} : { restricted }),
    });
  async function rowOf(id: string) {
    const [row] = await store.db.select().from(connections).where(eq(connections.id, id));
    if (row === undefined) throw new Error("no such connection");
    return row;
  }
  async function change(id: string, more: Partial<ConnectionChange>, fields: object = {}) {
    const row = await rowOf(id);
    return updateConnection(admin, {
      id,
      version: row.version,
      fields: { ...editableOf(row), ...fields },
      ...more,
    });
  }
  const actionsOf = async (id: string) =>
    (await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, id)).orderBy(asc(auditEvents.id))).map(
      (one) => one.action,
    );
  async function opened(id: string): Promise<string | null> {
    const { sealedRestrictedPassword: sealed } = await rowOf(id);
    return sealed === null ? null : openRestrictedCredential(id, sealed);
  }

  it("is stored with the connection, its password sealed for it alone, and reaches the gateways", async () => {
    const { id, name } = await make({ user: "clean", password: SECRET });
    const row = await rowOf(id);
    expect(row.restrictedUser).toBe("clean");
    expect(await opened(id)).toBe(SECRET);
    expect(() => openCredential(id, row.sealedRestrictedPassword ?? "")).toThrow();
    expect(() => openRestrictedCredential(id, row.sealedPassword)).toThrow();
    expect((await loadSnapshot(store.db)).byId.get(id)?.restricted).toEqual({
      user: "clean",
      sealedPassword: row.sealedRestrictedPassword,
    });
    const told = JSON.stringify([
      await getConnection(admin, name),
      await store.db.select().from(auditEvents),
      await store.db.select().from(revisions),
    ]);
    expect(told).toContain('"clean"');
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain(row.sealedRestrictedPassword);
  });

  it("is set, kept and removed by changes of the connection", async () => {
    const { id } = await make();
    expect((await loadSnapshot(store.db)).byId.get(id)?.restricted).toBeNull();
    await change(id, { restricted: { user: "clean", password: SECRET } });
    expect(await actionsOf(id)).toEqual(["connection.created", "connection.updated", "restricted_credential.rotated"]);
    await change(id, {}, { limits: { max_rows: 5 } });
    await change(id, { restricted: { user: "clean" } }, { limits: { max_rows: 6 } });
    expect(await opened(id)).toBe(SECRET);
    const { version } = await rowOf(id);
    expect(await change(id, { restricted: { user: "clean" } })).toEqual({ version });
    await change(id, { restricted: null });
    expect(await rowOf(id)).toMatchObject({ restrictedUser: null, sealedRestrictedPassword: null });
    expect((await actionsOf(id)).filter((one) => one === "restricted_credential.rotated")).toHaveLength(1);
  });

  it("never takes its stored password to another server or account", async () => {
    const { id } = await make({ user: "clean", password: SECRET });
    const needed = { code: "INVALID_INPUT", problems: [{ path: "restricted.password" }] };
    await expect(change(id, { password: "main-pw" }, { host: "evil" })).rejects.toMatchObject(needed);
    await expect(change(id, { password: "main-pw" }, { port: 4000 })).rejects.toMatchObject(needed);
    await expect(change(id, { restricted: { user: "other" } })).rejects.toMatchObject(needed);
    expect(await opened(id)).toBe(SECRET);
    await change(id, { password: "m", restricted: { user: "clean", password: "again" } }, { host: "db2" });
    expect(await opened(id)).toBe("again");
    await change(id, { password: "m", restricted: null }, { host: "db3" });
    const none = await make();
    await expect(change(none.id, { restricted: { user: "clean" } })).rejects.toMatchObject(needed);
  });

  it("is not the connection's own", async () => {
    const same = { code: "INVALID_INPUT", problems: [{ path: "restricted.user" }] };
    await expect(make({ user: "app", password: SECRET })).rejects.toMatchObject(same);
    const { id } = await make({ user: "clean", password: SECRET });
    await expect(change(id, { password: "x" }, { user: "clean" })).rejects.toMatchObject(same);
  });

  it("gets a new password without a change of anything else", async () => {
    const { id } = await make({ user: "clean", password: SECRET });
    const main = (await rowOf(id)).sealedPassword;
    await rotateCredential(admin, { id, password: "renewed", account: "restricted" });
    expect(await opened(id)).toBe("renewed");
    expect(await rowOf(id)).toMatchObject({ sealedPassword: main, version: 2 });
    expect((await actionsOf(id)).at(-1)).toBe("restricted_credential.rotated");
    const none = await make();
    await expect(
      rotateCredential(admin, { id: none.id, password: "renewed", account: "restricted" }),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });
});
