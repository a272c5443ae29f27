import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { diffSnapshots, type Query, readCatalogue, snapshotHash } from "./read";

describe("reading the catalogue of a real server", () => {
  let database: TestDatabase;
  let connection: mysql.Connection;
  let query: Query;

  beforeAll(async () => {
    database = await createTestDatabase();
    connection = await mysql.createConnection({ ...testServer(), database: database.name });
    query = async (sql) => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql);
      return rows;
    };
    await connection.query(
      "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(80) NOT NULL, pay INT, KEY k (pay, name))",
    );
    await connection.query("ALTER TABLE people ADD band VARCHAR(9) AS (CASE WHEN pay > 10 THEN 'high' ELSE 'low' END)");
    await connection.query("CREATE VIEW v_people AS SELECT id, name AS label FROM people");
    await connection.query("CREATE PROCEDURE p_one() SELECT 1");
    await connection.query("CREATE TRIGGER t_one AFTER UPDATE ON people FOR EACH ROW SET @x = OLD.pay");
  });
  afterAll(async () => {
    await connection.end();
    await database.drop();
  });

  const table = async (name: string) =>
    (await readCatalogue(query)).tables.find((one) => one.schema === database.name && one.name === name);

  it("knows columns, types, nullability, generated expressions and keys of a table", async () => {
    const people = await table("people");
    expect(people?.columns.map((column) => [column.name, column.dataType, column.nullable])).toEqual([
      ["id", "int", false],
      ["name", "varchar", false],
      ["pay", "int", true],
      ["band", "varchar", true],
    ]);
    expect(people?.columns[3]?.generated).toContain("`pay` > 10");
    expect(people?.columns[0]?.generated).toBeNull();
    expect(people?.primaryKey).toEqual(["id"]);
    expect(people?.indexes).toContainEqual({ name: "k", unique: false, columns: ["pay", "name"] });
  });

  it("knows the definition of a view, routines and triggers", async () => {
    const snapshot = await readCatalogue(query);
    const view = snapshot.tables.find((one) => one.schema === database.name && one.name === "v_people");
    expect(view).toMatchObject({ kind: "view", columns: [{ name: "id" }, { name: "label" }] });
    expect(view?.definition).toContain("`name` AS `label`");
    expect(snapshot.routines).toContainEqual(
      expect.objectContaining({ schema: database.name, name: "p_one", kind: "procedure", security: "definer" }),
    );
    expect(snapshot.triggers).toContainEqual(
      expect.objectContaining({ name: "t_one", table: "people", event: "update", timing: "after" }),
    );
    expect(snapshot.flavour).toBe("mariadb");
  });

  it("describes information_schema but none of the server's own schemas", async () => {
    const snapshot = await readCatalogue(query);
    expect(snapshot.schemas).toContain("information_schema");
    expect(snapshot.tables.some((one) => one.schema === "information_schema" && one.name === "COLUMNS")).toBe(true);
    expect(snapshot.tables.filter((one) => ["mysql", "performance_schema", "sys"].includes(one.schema))).toEqual([]);
  });

  it("has the same hash until something changes, and then says what", async () => {
    const own = async () => {
      const snapshot = await readCatalogue(query);
      return { ...snapshot, tables: snapshot.tables.filter((one) => one.schema === database.name), schemas: [] };
    };
    const before = await own();
    expect(snapshotHash(await own())).toBe(snapshotHash(before));
    await connection.query("CREATE TABLE extra (id INT)");
    await connection.query("ALTER TABLE people ADD born DATE");
    const after = await own();
    expect(snapshotHash(after)).not.toBe(snapshotHash(before));
    expect(diffSnapshots(before, after)).toMatchObject({
      added: [`${database.name}.extra`],
      removed: [],
      changed: [`${database.name}.people`],
    });
  });

  it("refuses an upstream that is too large rather than knowing half of it", async () => {
    await expect(readCatalogue(query, { maxColumns: 3, maxRows: 100_000 })).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  });
});
