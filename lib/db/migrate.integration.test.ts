import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/e2e/support/store";
import { openStore } from "./client";
import { migrate } from "./migrate";
import { gatewayFeed } from "./schema";

describe("migrations", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it("run once when four programs start at the same time", async () => {
    const folder = join(import.meta.dirname, "../../drizzle");
    await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, folder)));
    const store = openStore(database.url);
    expect(await store.db.select().from(gatewayFeed)).toEqual([{ id: 1, version: 0 }]);
    await store.close();
  });
});
