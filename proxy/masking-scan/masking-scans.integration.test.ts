import { asc, eq } from "drizzle-orm";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ctxOf, insertConnection } from "@/e2e/support/rows";
import {
  createTestDatabase,
  createTestStore,
  type TestDatabase,
  type TestStore,
  testServer,
} from "@/e2e/support/store";
import { columnFindings, columnScans, masks } from "@/lib/db/schema";
import { dismissFindings } from "@/lib/findings/dismiss";
import { newId } from "@/lib/ids";
import type { CataloguedConnection } from "../catalogue/catalogues";
import { readUpstreamCatalogue } from "../catalogue/read-upstream";
import { describeError } from "../log";
import { MaskingScans } from "./masking-scans";

const WAIT = { timeout: 20_000, interval: 20 };
/** Values that must be found nowhere but upstream. */
const PLANTED = [
  "ann.plant@example.com",
  "4111111111111111",
  "DE89370400440532013000",
  "planted_key_person",
  "+49 151 99887766",
];

const TABLES = [
  `CREATE TABLE people (
    id INT UNSIGNED PRIMARY KEY, contact VARCHAR(190), number VARCHAR(32), payout VARCHAR(40), reach VARCHAR(40), seen DATE,
    dob DATE, salary DECIMAL(10,2), city VARCHAR(80), created_at DATETIME, profile JSON, password_hash VARCHAR(80), \`odd\`\`name\` TEXT)`,
  "CREATE TABLE products (id INT PRIMARY KEY, name VARCHAR(80), sku CHAR(9), price DECIMAL(8,2))",
  "CREATE VIEW contacts AS SELECT contact AS email FROM people",
];

describe("the search for columns to mask", () => {
  let store: TestStore;
  let upstream: TestDatabase;
  let admin: mysql.Connection;
  let connection: CataloguedConnection;
  const running: MaskingScans[] = [];
  let logged: string;

  beforeEach(async () => {
    logged = "";
    store = await createTestStore();
    upstream = await createTestDatabase();
    admin = await mysql.createConnection({ ...testServer(), database: upstream.name });
    for (const sql of TABLES) await admin.query(sql);
    for (let id = 0; id < 12; id += 1) {
      const profile = JSON.stringify({ [`planted_key_person-${id}`]: { note: "x" }, contact: { email: PLANTED[0] } });
      await admin.query("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [
        id,
        id === 0 ? PLANTED[0] : `person${id}@example.com`,
        PLANTED[1],
        PLANTED[2],
        `${PLANTED[4]?.slice(0, -1)}${id % 10}`,
        null,
        "1980-01-02",
        "51000.00",
        "Berlin",
        "2026-01-02 03:04:05",
        profile,
        null,
        `second${id}@example.com`,
      ]);
      await admin.query("INSERT INTO products VALUES (?, ?, ?, ?)", [id, `Oak Desk ${id}`, `OAK-${id}`, "9.99"]);
    }
    const id = await insertConnection(store.db, { name: "shop" });
    const target = { ...testServer(), tls: "disabled", ca: null } as const;
    connection = { id, name: "shop", key: "k", refreshSeconds: 30, target: () => target };
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await admin.end();
    await upstream.drop();
    await store.close();
  });

  /** A gateway's scans; its log is kept to be searched. */
  function start(): MaskingScans {
    const write = (line: string) => {
      logged += line;
    };
    const log = pino({ level: "debug", serializers: { err: describeError } }, { write });
    const scans = new MaskingScans({ db: store.db, log, pauseMs: 0, retryMs: 0 });
    running.push(scans);
    return scans;
  }

  /** What the connection's account sees of this test's schema: the server is shared. */
  async function read() {
    const catalogue = await readUpstreamCatalogue(connection.target(), null);
    const snapshot = catalogue?.snapshot ?? expect.unreachable();
    const tables = snapshot.tables.filter((table) => table.schema === upstream.name);
    return { at: new Date(), snapshot: { ...snapshot, tables }, changed: true, error: null };
  }

  const scansOf = async () => (await store.db.select().from(columnScans))[0];
  async function complete(after: Date | null = null): Promise<void> {
    await vi.waitFor(async () => {
      const row = await scansOf();
      expect(row?.scannedAt?.getTime() ?? 0).toBeGreaterThan(after?.getTime() ?? 0);
      expect(row?.claimedBy).toBeNull();
    }, WAIT);
  }
  async function scanAgain(scans: MaskingScans): Promise<void> {
    const before = (await scansOf())?.scannedAt ?? null;
    scans.note(connection, await read());
    await complete(before);
  }
  const found = async () => {
    const rows = await store.db
      .select()
      .from(columnFindings)
      .orderBy(asc(columnFindings.table), asc(columnFindings.column));
    return Object.fromEntries(rows.map((row) => [`${row.table}.${row.column}`, `${row.kind} ${row.status}`]));
  };
  const idOf = async (column: string) =>
    (await store.db.select().from(columnFindings).where(eq(columnFindings.column, column)))[0]?.id ?? "";

  const ALL = {
    "people.contact": "email open",
    "people.dob": "birth_date open",
    "people.number": "card open",
    "people.odd`name": "email open",
    "people.password_hash": "secret open",
    "people.payout": "iban open",
    "people.profile": "email open",
    "people.reach": "phone open",
    "people.salary": "income open",
  };

  it("finds them by name and by value, leaves ordinary columns and views alone, and says nothing of any value", async () => {
    const scans = start();
    await scanAgain(scans);
    expect(await found()).toEqual(ALL);
    const [card] = await store.db.select().from(columnFindings).where(eq(columnFindings.column, "number"));
    expect(card).toMatchObject({ method: "partial", options: { keep_last: 4 }, dataType: "varchar" });
    expect(card?.reason).toBe("100 % of 12 values are card numbers that pass the Luhn check");
    const [profile] = await store.db.select().from(columnFindings).where(eq(columnFindings.column, "profile"));
    expect(profile?.options).toEqual({ paths: ["$.contact.email"] });
    const stored = await textOfStore();
    expect(stored).toContain("card numbers that pass");
    for (const value of PLANTED) expect(stored).not.toContain(value);
  });

  it("keeps what was dismissed, checks columns that are new, and drops what is gone", async () => {
    const scans = start();
    await scanAgain(scans);
    await dismissFindings(ctxOf(store.db, "admin"), { ids: [await idOf("contact")] });
    await admin.query(
      "ALTER TABLE people ADD COLUMN second_email VARCHAR(190), ADD COLUMN hint VARCHAR(80), DROP COLUMN payout",
    );
    await admin.query("UPDATE people SET hint = 'AKIAIOSFODNN7EXAMPLE'");
    await admin.query("CREATE TABLE staff (id INT PRIMARY KEY, ssn CHAR(11))");
    await scanAgain(scans);
    const { "people.payout": _, ...kept } = ALL;
    expect(await found()).toEqual({
      ...kept,
      "people.contact": "email dismissed",
      "people.hint": "secret open",
      "people.second_email": "email open",
      "staff.ssn": "national_id open",
    });
  });

  it("reads only columns that were not looked at before", async () => {
    const scans = start();
    await scanAgain(scans);
    await admin.query("UPDATE people SET city = 'ann.plant@example.com'");
    await admin.query("ALTER TABLE products ADD COLUMN maker VARCHAR(80)");
    await scanAgain(scans);
    expect(await found()).toEqual(ALL);
  });

  it("is done once when two gateways start at the same time", async () => {
    const refreshed = await read();
    let logins = 0;
    const target = () => {
      logins += 1;
      return connection.target();
    };
    const both = [start(), start()];
    for (const scans of both) scans.note({ ...connection, target }, refreshed);
    await complete();
    await Promise.all(both.map((scans) => scans.stop()));
    expect(logins).toBe(1);
    expect(await found()).toEqual(ALL);
  });

  it("settles at once what is masked already", async () => {
    const at = { createdAt: new Date(), updatedAt: new Date(), updatedBy: "test" };
    await store.db.insert(masks).values({
      id: newId(),
      connectionId: connection.id,
      column: `${upstream.name}.people.*`,
      method: "redact",
      options: {},
      predicates: "deny",
      derived: "deny",
      exempt: [],
      ...at,
    });
    await scanAgain(start());
    await vi.waitFor(
      async () => expect(Object.values(await found()).every((one) => one.endsWith("accepted"))).toBe(true),
      WAIT,
    );
  });

  it("takes tables that the account can not read by name, and notes which", async () => {
    const scans = start();
    const refreshed = await read();
    await admin.query("DROP TABLE people");
    scans.note(connection, refreshed);
    await complete();
    expect(await found()).toEqual({
      "people.dob": "birth_date open",
      "people.password_hash": "secret open",
      "people.salary": "income open",
    });
    expect((await scansOf())?.lastError).toBe(
      `By name only, because their rows could not be read: ${upstream.name}.people`,
    );
  });

  it("tries a table once more that was locked, without waiting for it", async () => {
    const scans = start();
    const refreshed = await read();
    await admin.query("LOCK TABLES people WRITE");
    scans.note(connection, refreshed);
    await vi.waitFor(async () => expect((await scansOf())?.lastError).toMatch(/tried again/), WAIT);
    expect((await scansOf())?.scannedAt).toBeNull();
    await admin.query("UNLOCK TABLES");
    await vi.waitFor(async () => {
      scans.note(connection, refreshed);
      expect((await scansOf())?.scannedAt).not.toBeNull();
    }, WAIT);
    expect(await found()).toEqual(ALL);
  });

  it("breaks off when the upstream is away, says so without its words, and leaves the rest for later", async () => {
    const refreshed = await read();
    const target = connection.target();
    const away = { ...connection, target: () => ({ ...target, password: "wrong-planted" }) };
    start().note(away, refreshed);
    await vi.waitFor(async () => expect((await scansOf())?.lastError).toMatch(/broke off/), WAIT);
    expect(await scansOf()).toMatchObject({ scannedAt: null, claimedBy: null });
    expect(Object.keys(await found())).toContain("people.password_hash");
    await vi.waitFor(() => expect(logged).toContain("broke off"), WAIT);
    for (const word of [...PLANTED, "wrong-planted"]) expect(logged).not.toContain(word);
    await scanAgain(start());
    expect(await found()).toEqual(ALL);
  });

  /** Everything that the store holds, of all columns of all tables. */
  async function textOfStore(): Promise<string> {
    const [tables] = await store.pool.query<RowDataPacket[]>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    );
    const parts: string[] = [];
    for (const { name } of tables) {
      const [rows] = await store.pool.query<RowDataPacket[]>("SELECT * FROM ??", [name]);
      for (const row of rows) {
        for (const value of Object.values(row))
          parts.push(Buffer.isBuffer(value) ? value.toString("latin1") : JSON.stringify(value));
      }
    }
    return parts.join("\n");
  }
});
