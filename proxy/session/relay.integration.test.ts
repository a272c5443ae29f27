import mariadb from "mariadb";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";

describe("the relay, with real clients over TLS", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    database = await createTestDatabase();
    gateway = await startGateway({ schema: database.name });
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });

  it("lets mysql2 query, prepare and see its errors, and records each statement", async () => {
    const client = await mysql.createConnection(clientOptions(gateway));
    const [rows] = await client.query("SELECT 1 AS one, 'zwölf' AS twelve, DATABASE() AS d");
    expect(rows).toEqual([{ one: 1, twelve: "zwölf", d: database.name }]);
    await client.query("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, s VARCHAR(50))");
    const [written] = await client.execute("INSERT INTO t (s) VALUES (?), (?)", ["a", "b"]);
    expect(written).toMatchObject({ affectedRows: 2 });
    const [read] = await client.execute("SELECT s FROM t WHERE id > ? ORDER BY id", [0]);
    expect(read).toEqual([{ s: "a" }, { s: "b" }]);
    await expect(client.query("SELEC 1")).rejects.toMatchObject({ errno: 1064, sqlState: "42000" });
    await client.end();
    const seen = gateway.observed.statements.map((row) => [
      row.command,
      row.rowCount,
      row.affectedRows,
      row.errorNumber,
    ]);
    expect(seen).toEqual([
      ["query", 1, 0, null],
      ["query", 0, 0, null],
      ["prepare", 0, 0, null],
      ["execute", 0, 2, null],
      ["prepare", 0, 0, null],
      ["execute", 2, 0, null],
      ["query", 0, 0, 1064],
    ]);
    expect(gateway.observed.statements[3]).toMatchObject({
      sql: "INSERT INTO t (s) VALUES (?), (?)",
      defaultSchema: database.name,
      connectionName: "shop",
    });
  });

  it("lets the mariadb driver query, prepare and batch", async () => {
    const client = await mariadb.createConnection(clientOptions(gateway));
    expect(await client.query("SELECT 2 AS two")).toMatchObject([{ two: 2 }]);
    expect(await client.execute("SELECT ? AS v", ["x"])).toMatchObject([{ v: "x" }]);
    await client.query("CREATE TABLE b (s VARCHAR(9))");
    await client.batch("INSERT INTO b VALUES (?)", [["1"], ["2"], ["3"]]);
    expect(await client.query("SELECT COUNT(*) AS c FROM b")).toMatchObject([{ c: 3n }]);
    await client.end();
  });
});
