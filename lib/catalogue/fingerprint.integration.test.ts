import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { readFingerprint } from "./fingerprint";
import type { Query } from "./read";

describe("the fingerprint of a real server's catalogue", () => {
  let database: TestDatabase;
  let connection: mysql.Connection;
  /** Other tests change the server meanwhile: only this database counts. */
  let query: Query;

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = await mysql.createConnection({ ...testServer(), database: database.name });
    query = async (sql) => {
      const own = sql
        .replace(/(\w+_SCHEMA) NOT IN \([^)]*\)/, `$1 = '${database.name}'`)
        .replace("WHERE TRUE", `WHERE SCHEMA_NAME = '${database.name}'`)
        .replace("@@GLOBAL.sql_mode", "''");
      const [rows] = await connection.query<mysql.RowDataPacket[]>(own);
      return rows;
    };
    await connection.query("CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(80), pay INT, KEY k (pay, name))");
    await connection.query("CREATE VIEW v AS SELECT id, name FROM people");
    await connection.query("CREATE PROCEDURE p() SELECT 1");
    await connection.query("CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW SET @x = OLD.pay");
  });
  afterAll(async () => {
    await connection.end();
    await database.drop();
  });

  it("stays while nothing changes but rows", async () => {
    const before = await readFingerprint(query);
    await connection.query("INSERT INTO people VALUES (1, 'a', 2)");
    expect(await readFingerprint(query)).toBe(before);
  });

  it.each([
    "CREATE TABLE more (id INT)",
    "ALTER TABLE people ADD COLUMN band INT",
    "ALTER TABLE people MODIFY COLUMN pay BIGINT",
    "ALTER TABLE people MODIFY COLUMN pay BIGINT FIRST",
    "ALTER TABLE people ALTER COLUMN name SET DEFAULT 'x'",
    "ALTER TABLE people DROP KEY k, ADD KEY k (name, pay)",
    "CREATE OR REPLACE VIEW v AS SELECT id, name FROM people WHERE pay > 1",
    "CREATE OR REPLACE PROCEDURE p() SELECT 2",
    "CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW SET @y = OLD.pay",
    "RENAME TABLE more TO less",
    "DROP TABLE less",
  ])("changes with %s", async (sql) => {
    const before = await readFingerprint(query);
    await connection.query(sql);
    expect(await readFingerprint(query)).not.toBe(before);
  });
});
