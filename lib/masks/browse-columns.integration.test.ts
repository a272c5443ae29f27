import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { storeCatalogue } from "@/lib/catalogue/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { columnFindings, revisions } from "@/lib/db/schema";
import { acceptFindings } from "@/lib/findings/accept";
import { newId } from "@/lib/ids";
import { SHOP } from "@/lib/sql/shop.fixture";
import { applySuggestedMasks } from "./apply-suggested";
import { browseColumns } from "./browse-columns";
import { checkMask } from "./check-mask";
import { createMask } from "./create-mask";
import { listMasks } from "./list-masks";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const PLAIN = { method: "redact", options: {}, predicates: "deny", derived: "deny", exempt: [] } as const;

describe("columns and what hides them", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    const name = `c${newId().slice(-12).toLowerCase()}`;
    connectionId = (await createConnection(admin, { name, host: "h", user: "u", password: "p" })).id;
  });

  const read = () => storeCatalogue(store.db, connectionId, SHOP, new Date());
  const find = async (column: string) => {
    const id = newId();
    await store.db.insert(columnFindings).values({
      id,
      connectionId,
      schema: "shop",
      table: "people",
      column,
      dataType: "varchar",
      kind: "email",
      confidence: 90,
      reason: "Its name says so",
      method: "email",
      options: {},
      foundAt: new Date(),
    });
    return id;
  };
  const browse = async (filter = {}, ctx = admin) => (await browseColumns(ctx, connectionId, filter, null)).columns;

  it("are not known before a gateway has read the schema; masks are", async () => {
    await createMask(admin, { connectionId, column: "*.*.secret", method: "redact" });
    const { columns, masks } = await browseColumns(admin, connectionId, {}, null);
    expect(columns).toBeNull();
    expect(masks).toMatchObject([{ column: "*.*.secret", counts: 0 }]);
  });

  it("carry the mask that counts, own or by pattern, and the server's own schemas are left out", async () => {
    await read();
    await createMask(admin, { connectionId, column: "shop.*.*", method: "redact" });
    await createMask(admin, { connectionId, column: "shop.people.secret", method: "token", join_class: "person" });
    const { columns, masks, joinClasses } = await browseColumns(admin, connectionId, {}, null);
    const email = columns?.rows.find((row) => row.name === "shop.people.secret");
    expect(email).toMatchObject({ ownMask: true, mask: { method: "token" } });
    const other = columns?.rows.find((row) => row.table === "people" && row.schema === "shop" && row !== email);
    expect(other).toMatchObject({ ownMask: false, mask: { column: "shop.*.*" } });
    expect(columns?.rows.some((row) => row.schema === "information_schema")).toBe(false);
    expect(columns?.rows.find((row) => row.schema === "other")?.mask).toBeNull();
    expect(masks.map((one) => one.counts).reduce((sum, one) => sum + one, 0)).toBe(columns?.masked);
    expect(joinClasses).toContain("person");
  });

  it("are narrowed by mask, suggestion, table and text", async () => {
    await read();
    await find("secret");
    await createMask(admin, { connectionId, column: "shop.people.name", method: "redact" });
    expect((await browse({ show: "masked" }))?.rows.map((row) => row.name)).toEqual(["shop.people.name"]);
    expect((await browse({ show: "suggested" }))?.rows.map((row) => row.name)).toEqual(["shop.people.secret"]);
    expect((await browse({ show: "unmasked", q: "PEOPLE.NAME" }))?.rows.map((row) => row.schema)).toEqual(["other"]);
    const table = await browse({ table: { schema: "shop", table: "people" } });
    expect(new Set(table?.rows.map((row) => `${row.schema}.${row.table}`))).toEqual(new Set(["shop.people"]));
  });

  it("tell what they are suspected of only to those who may review it, and nothing to people without a role", async () => {
    await read();
    await find("secret");
    expect((await browse({ show: "suggested" }, ctxOf(store.db, "auditor")))?.suggested).toBe(1);
    expect((await browse({}, ctxOf(store.db, "reviewer")))?.suggested).toBe(0);
    await expect(browse({}, ctxOf(store.db))).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("tell what a mask would match and show before it is saved, on made-up values", async () => {
    await read();
    await createMask(admin, { connectionId, column: "shop.people.secret", method: "null" });
    const check = await checkMask(ctxOf(store.db, "reviewer"), {
      connectionId,
      columns: ["*.people.secret"],
      mask: PLAIN,
    });
    expect(check.matches?.columns).toMatchObject([
      { name: "shop.people.secret", other: "shop.people.secret" },
      { name: "other.people.secret", other: null },
    ]);
    expect(check.previews[0]?.rows.every((row) => row.after === "[redacted]")).toBe(true);
    await expect(
      checkMask(admin, { connectionId, columns: ["a.b.c"], mask: { ...PLAIN, method: "bucket" } }),
    ).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("get the suggested masks all in one revision, one edited among them", async () => {
    await read();
    const [secret, name] = [await find("secret"), await find("name")];
    const before = await store.db.$count(revisions);
    await acceptFindings(admin, { ids: [secret, name], masks: { [name]: { method: "null" } } }, applySuggestedMasks);
    expect(await listMasks(admin, connectionId)).toMatchObject([
      { column: "shop.people.name", method: "null" },
      { column: "shop.people.secret", method: "email" },
    ]);
    expect(await store.db.$count(revisions)).toBe(before + 1);
  });
});
