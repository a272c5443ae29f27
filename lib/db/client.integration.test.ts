import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";

describe("connections to the store", () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());

  it("set the modes that the driver's escaping relies on, and UTC, before their first statement", async () => {
    const read = async () => {
      const [rows] = await store.pool.query<RowDataPacket[]>(
        "SELECT @@session.sql_mode AS mode, @@session.time_zone AS zone",
      );
      return rows[0];
    };
    for (const row of await Promise.all([1, 2, 3].map(read))) {
      expect(row?.mode).toContain("STRICT_TRANS_TABLES");
      expect(row?.mode).not.toContain("NO_BACKSLASH_ESCAPES");
      expect(row?.zone).toBe("+00:00");
    }
  });

  it("brings back text that tries to leave its quotes", async () => {
    const hostile = `\\'; DROP TABLE x; -- "\`\u0000\n\u{1F980} ${"\\"}`;
    const [rows] = await store.pool.query<RowDataPacket[]>("SELECT ? AS v", [hostile]);
    expect(rows[0]?.v).toBe(hostile);
  });
});
