import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";

describe("templates that a gateway understands, on a real server", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let client: mysql.Connection;

  beforeAll(async () => {
    database = await createTestDatabase();
    const admin = await mysql.createConnection({ ...testServer(), database: database.name, multipleStatements: true });
    await admin.query(
      `CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(40), mail VARCHAR(40));
       CREATE TABLE orders (id INT PRIMARY KEY, person_id INT, total INT);
       CREATE VIEW buyers AS SELECT p.id, p.name AS who, o.total FROM people p JOIN orders o ON o.person_id = p.id`,
    );
    await admin.end();
    gateway = await startGateway({ schema: database.name });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
    client = await mysql.createConnection(clientOptions(gateway));
  });
  afterAll(async () => {
    await client.end();
    await gateway.close();
    await database.drop();
  });

  /** What was told of the template of the statement that ran last; names without their schema. */
  function told() {
    const hash = gateway.observed.statements.at(-1)?.templateHash;
    return gateway.observed.templates
      .filter(({ templateHash }) => templateHash === hash)
      .map(({ tables, reads, uses, writes, defaultSchema, connectionName }) => {
        const local = (names: readonly string[]) => names.map((name) => name.replace(`${database.name}.`, ""));
        expect([connectionName, defaultSchema]).toEqual(["shop", database.name]);
        return { tables: local(tables), reads: local(reads), uses: local(uses), writes: local(writes) };
      });
  }

  it("are told with their base tables and columns: joins, views, CTEs and writes", async () => {
    await client.query("SELECT p.name FROM people p JOIN orders o ON o.person_id = p.id WHERE o.total > 5");
    expect(told()).toEqual([
      {
        tables: ["orders", "people"],
        reads: ["people.name"],
        uses: ["orders.person_id", "orders.total", "people.id"],
        writes: [],
      },
    ]);
    await client.query("SELECT who FROM buyers");
    expect(told()).toMatchObject([{ tables: ["buyers", "orders", "people"], reads: ["people.name"], writes: [] }]);
    await client.query("WITH c AS (SELECT mail FROM people) SELECT mail AS m FROM c");
    expect(told()).toEqual([{ tables: ["people"], reads: ["people.mail"], uses: [], writes: [] }]);
    await client.execute("UPDATE people SET name = ? WHERE id = ?", ["x", 1]);
    expect(told()).toEqual([{ tables: ["people"], reads: [], uses: ["people.id"], writes: ["people.name"] }]);
  });

  it("are told once, whoever sends them with whatever values, and again when their tables have changed", async () => {
    await client.query("SELECT * FROM orders WHERE id = 1");
    const other = await mysql.createConnection(clientOptions(gateway, TOKEN.replace("agent", "other")));
    await other.query("select * from orders where id = 2");
    await other.end();
    expect(told()).toHaveLength(1);
    gateway.publish();
    await client.query("SELECT * FROM orders WHERE id = 3");
    expect(told()).toHaveLength(1);
    await client.query("ALTER TABLE orders ADD COLUMN note VARCHAR(9)");
    await client.query("SELECT * FROM orders WHERE id = 4");
    expect(told().map(({ reads }) => reads)).toEqual([
      ["orders.id", "orders.person_id", "orders.total"],
      ["orders.id", "orders.note", "orders.person_id", "orders.total"],
    ]);
  });
});
