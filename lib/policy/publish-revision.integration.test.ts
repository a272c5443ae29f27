import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { connectionFields } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, gatewayFeed, policies, revisions } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";
import { publishRevision } from "./publish-revision";

describe("publishing a revision", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  const publish = (change: (db: Ctx["db"]) => Promise<unknown>, summary = "a change") =>
    inTransaction(store.db, async (tx) => {
      await change(tx);
      return publishRevision({ actor: { kind: "system", name: "test" }, requestId: "r", db: tx }, summary);
    });

  function insertConnection(db: Ctx["db"], name: string) {
    const fields = connectionFields.parse({ name, host: "127.0.0.1", user: "app" });
    const now = new Date();
    return db.insert(connections).values({
      ...fields,
      ca: null,
      schema: null,
      id: newId(),
      sealedPassword: "v1.00000000.secretcipher",
      createdAt: now,
      updatedAt: now,
      updatedBy: "test",
    });
  }

  it("keeps the whole state as a document without secrets, with its audit event, and tells the gateways", async () => {
    const number = await publish(async (db) => {
      await insertConnection(db, "shop");
      const [row] = await db.select().from(connections);
      const now = new Date();
      await db.insert(policies).values({
        id: newId(),
        name: "agents",
        connectionId: row?.id ?? "",
        identities: [{ client_id: "orders-agent" }],
        rules: [],
        createdAt: now,
        updatedAt: now,
        updatedBy: "test",
      });
    }, "shop added");
    const [revision] = await store.db.select().from(revisions);
    expect(revision).toMatchObject({ number, summary: "shop added", authorId: null, authorName: "test" });
    expect(revision?.document).not.toContain("secretcipher");
    expect(parse(revision?.document ?? "")).toMatchObject({
      version: 1,
      connections: [{ name: "shop", port: 3306, password: { env: "SALLYPORT_SHOP_PASSWORD" } }],
      policies: [{ name: "agents", connection: "shop", identities: [{ client_id: "orders-agent" }] }],
    });
    expect(await store.db.select().from(auditEvents)).toMatchObject([
      { action: "revision.published", objectId: String(number) },
    ]);
    expect(await store.db.select().from(gatewayFeed)).toEqual([{ id: 1, version: 1 }]);
  });

  it("numbers simultaneous publications without a gap, each document holding what was committed before it", async () => {
    const names = ["a", "b", "c", "d"];
    const numbers = await Promise.all(names.map((name) => publish((db) => insertConnection(db, name))));
    expect([...numbers].sort((x, y) => x - y)).toEqual([2, 3, 4, 5]);
    const last = (await store.db.select().from(revisions)).find((one) => one.number === 5);
    expect(parse(last?.document ?? "").connections.map((one: { name: string }) => one.name)).toEqual([
      "a",
      "b",
      "c",
      "d",
      "shop",
    ]);
  });

  it("leaves no revision when the transaction fails", async () => {
    await expect(
      publish(async () => {
        throw new Error("stop");
      }),
    ).rejects.toThrow("stop");
    expect(await store.db.select().from(revisions)).toHaveLength(5);
  });
});
