import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { openRestrictedCredential } from "@/lib/connections/credential";
import { editableOf, updateConnection } from "@/lib/connections/update-connection";
import { connections, policies } from "@/lib/db/schema";
import { listMasks } from "@/lib/masks/list-masks";
import { setMasks } from "@/lib/masks/set-masks";
import { policiesFor, readStoredPolicy } from "@/lib/policy/stored-policy";
import { ensureDemoConfiguration } from "./demo-configuration";
import { DEMO_MASKS } from "./demo-masks";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

describe("the demo's configuration", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  async function shop() {
    const [row] = await store.db.select().from(connections);
    if (row === undefined) throw new Error("no connection");
    return row;
  }

  it("hides what is sensitive from its first start on; later starts bring nothing back that was taken away", async () => {
    const admin = ctxOf(store.db, "admin");
    expect(await ensureDemoConfiguration(store.db, { port: 3316, password: "p" })).toBe(true);
    expect((await listMasks(admin)).map((one) => one.column).sort()).toEqual(
      DEMO_MASKS.map((one) => one.column).sort(),
    );
    await setMasks(admin, { connectionId: (await shop()).id, columns: ["shop.customers.ssn"], mask: null });
    expect(await ensureDemoConfiguration(store.db, { port: 3316, password: "p" })).toBe(false);
    expect(await listMasks(admin)).toHaveLength(DEMO_MASKS.length - 1);
  });

  it("lets newcomers in and allows them nothing", async () => {
    const [row] = await store.db.select().from(policies).where(eq(policies.name, "newcomers"));
    if (row === undefined) throw new Error("no policy for newcomers");
    const { bound } = readStoredPolicy(row);
    const held = policiesFor([bound], {
      clientId: "stock-agent",
      subject: "stock-agent",
      groups: ["newcomers"],
      email: null,
    });
    expect(held).toMatchObject([{ rules: [], default: "deny", metadata: "deny" }]);
  });

  it("follows the database to another port with a restricted account that someone added", async () => {
    const before = await shop();
    await updateConnection(ctxOf(store.db, "admin"), {
      id: before.id,
      version: before.version,
      fields: editableOf(before),
      restricted: { user: "clean", password: "cl3an" },
    });
    expect(await ensureDemoConfiguration(store.db, { port: 4000, password: "p" })).toBe(true);
    const { id, port, sealedRestrictedPassword } = await shop();
    expect(port).toBe(4000);
    expect(openRestrictedCredential(id, sealedRestrictedPassword ?? "")).toBe("cl3an");
  });
});
