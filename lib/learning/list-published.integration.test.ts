import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { createConnection } from "@/lib/connections/create-connection";
import type { Ctx } from "@/lib/ctx";
import { newId } from "@/lib/ids";
import { createPolicy } from "@/lib/policy/create-policy";
import { updatePolicy } from "@/lib/policy/update-policy";
import { listPublished } from "./list-published";

vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64"));

const IDENTITIES = [{ client_id: "agent" }];

describe("what became of proposals", () => {
  let store: TestStore;
  let admin: Ctx;
  let connectionId: string;
  beforeAll(async () => {
    store = await createTestStore();
    admin = ctxOf(store.db, "admin");
    connectionId = (await createConnection(admin, { name: "shop", host: "h", user: "u", password: "p" })).id;
  });
  afterAll(() => store.close());

  it("is told by the policies that were published from them, new ones and changed ones", async () => {
    const since = new Date(Date.now() - 1000);
    const analysis = newId();
    const fresh = await createPolicy(admin, {
      name: "fresh",
      connectionId,
      identities: IDENTITIES,
      learned: { analysis, policy: 0 },
    });
    const other = await createPolicy(admin, { name: "other", connectionId, identities: IDENTITIES });
    await updatePolicy(admin, {
      id: other.id,
      version: other.version,
      name: "other",
      identities: IDENTITIES,
      rules: [{ name: "read", effect: "allow", statements: ["select"], tables: ["shop.orders"] }],
      learned: { analysis, policy: 1 },
    });
    const published = await listPublished(ctxOf(store.db, "auditor"), since);
    expect(published).toMatchObject([
      { analysis, proposed: 0, policy: { id: fresh.id, name: "fresh" }, created: true },
      { analysis, proposed: 1, policy: { id: other.id, name: "other" }, created: false },
    ]);
    expect(await listPublished(admin, new Date(Date.now() + 60_000))).toEqual([]);
  });

  it("is not told to reviewers", async () => {
    await expect(listPublished(ctxOf(store.db, "reviewer"), new Date())).rejects.toMatchObject({ code: "FORBIDDEN" });
  });
});
