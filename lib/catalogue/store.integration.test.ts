import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { catalogues, connections } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { CatalogueSnapshot, CatalogueTable } from "@/lib/sql/catalogue";
import { loadCatalogue, noteCatalogueFailure, storeCatalogue } from "./store";

/** A schema of many tables with twenty columns, their names as different as names are. */
function snapshot(tables: number, changes: Partial<CatalogueSnapshot> = {}): CatalogueSnapshot {
  const table = (at: number): CatalogueTable => ({
    schema: `app_${at % 20}`,
    name: `table_${at}`,
    kind: "table",
    columns: Array.from({ length: 20 }, (_, n) => ({
      name: `column_${(at * 31 + n * 7) % 997}_${n}`,
      dataType: n % 3 === 0 ? "int" : "varchar",
      columnType: n % 3 === 0 ? "int(11)" : `varchar(${n * 10})`,
      nullable: n % 2 === 0,
      hasDefault: n % 5 === 0,
      generated: null,
      invisible: false,
    })),
    primaryKey: ["column_0"],
    indexes: [{ name: "PRIMARY", unique: true, columns: ["column_0"] }],
    definition: null,
  });
  return {
    flavour: "mariadb",
    serverVersion: "10.11.6-MariaDB",
    lowerCaseTableNames: 0,
    sqlMode: "STRICT_TRANS_TABLES",
    schemas: ["app_0"],
    tables: Array.from({ length: tables }, (_, at) => table(at)),
    routines: [],
    triggers: [],
    ...changes,
  };
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 9, 0, second));

describe("the stored catalogue", () => {
  let store: TestStore;
  let connectionId: string;
  beforeAll(async () => {
    store = await createTestStore();
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    connectionId = newId();
    const now = new Date();
    await store.db.insert(connections).values({
      id: connectionId,
      name: `c${connectionId.slice(-12).toLowerCase()}`,
      host: "h",
      port: 1,
      user: "u",
      sealedPassword: "x",
      tls: "preferred",
      mode: "enforce",
      limits: {},
      approvals: { hold_seconds: 45, expires_minutes: 60, required: 1, reviewers: [] },
      recording: { results: "full", max_result_bytes: 0, retention_days: 1 },
      catalogue: { refresh_seconds: 30 },
      createdAt: now,
      updatedAt: now,
      updatedBy: "test",
    });
  });

  it("is nothing before it was read", async () => {
    expect(await loadCatalogue(store.db, connectionId)).toEqual({ known: null, checkedAt: null, lastError: null });
  });

  it("comes back as it was read, ready for looking up names", async () => {
    const read = snapshot(3);
    const { hash, changed } = await storeCatalogue(store.db, connectionId, read, at(1));
    expect(changed).toBe(true);
    const { known, checkedAt, lastError } = await loadCatalogue(store.db, connectionId);
    expect(known?.catalogue.snapshot).toEqual(read);
    expect(known?.catalogue.table("app_1", "table_1")?.columns).toHaveLength(20);
    expect({ hash: known?.hash, changedAt: known?.changedAt, checkedAt, lastError }).toEqual({
      hash,
      changedAt: at(1),
      checkedAt: at(1),
      lastError: null,
    });
  });

  it("only notes when it was checked while nothing differs", async () => {
    await storeCatalogue(store.db, connectionId, snapshot(3), at(1));
    expect(await storeCatalogue(store.db, connectionId, snapshot(3), at(5))).toMatchObject({ changed: false });
    expect(await loadCatalogue(store.db, connectionId)).toMatchObject({
      known: { changedAt: at(1) },
      checkedAt: at(5),
    });
    expect(await storeCatalogue(store.db, connectionId, snapshot(4), at(9))).toMatchObject({ changed: true });
    const now = await loadCatalogue(store.db, connectionId);
    expect(now).toMatchObject({ known: { changedAt: at(9) }, checkedAt: at(9) });
    expect(now.known?.catalogue.snapshot.tables).toHaveLength(4);
  });

  it("keeps what was read when a comparison fails, says why, and forgets it when the next one works", async () => {
    await noteCatalogueFailure(store.db, connectionId, "the upstream does not answer", at(1));
    expect(await loadCatalogue(store.db, connectionId)).toEqual({
      known: null,
      checkedAt: at(1),
      lastError: "the upstream does not answer",
    });
    await storeCatalogue(store.db, connectionId, snapshot(2), at(2));
    await noteCatalogueFailure(store.db, connectionId, "x".repeat(2000), at(3));
    const failing = await loadCatalogue(store.db, connectionId);
    expect(failing).toMatchObject({ known: { changedAt: at(2) }, checkedAt: at(3) });
    expect(failing.lastError).toHaveLength(500);
    await storeCatalogue(store.db, connectionId, snapshot(2), at(4));
    expect((await loadCatalogue(store.db, connectionId)).lastError).toBeNull();
  });

  it("refuses a document that is not what its hash says, or not a catalogue", async () => {
    await storeCatalogue(store.db, connectionId, snapshot(7), at(1));
    const ofConnection = eq(catalogues.connectionId, connectionId);
    await store.db
      .update(catalogues)
      .set({ hash: "0".repeat(64) })
      .where(ofConnection);
    await expect(loadCatalogue(store.db, connectionId)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await store.db
      .update(catalogues)
      .set({ document: Buffer.from("no gzip") })
      .where(ofConnection);
    await expect(loadCatalogue(store.db, connectionId)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("holds 5,000 tables in less than a megabyte, and reads what it knows already without its document", async () => {
    const large = snapshot(5000);
    await storeCatalogue(store.db, connectionId, large, at(1));
    const [row] = await store.db.select().from(catalogues).where(eq(catalogues.connectionId, connectionId));
    expect(row).toMatchObject({ tableCount: 5000, columnCount: 100_000 });
    expect(row?.document?.length).toBeLessThan(1024 * 1024);
    const first = await loadCatalogue(store.db, connectionId);
    const again = await loadCatalogue(store.db, connectionId);
    expect(first.known?.catalogue.table("app_9", "table_4989")).not.toBeNull();
    expect(again.known?.catalogue).toBe(first.known?.catalogue);
  });

  it("goes with its connection", async () => {
    await storeCatalogue(store.db, connectionId, snapshot(1), at(1));
    await store.db.delete(connections).where(eq(connections.id, connectionId));
    expect(await loadCatalogue(store.db, connectionId)).toMatchObject({ known: null });
  });
});
