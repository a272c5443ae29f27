import mariadb, { type Connection as MariadbConnection } from "mariadb";
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, ordersAgent } from "./agent";

/** Above the protocol's packet size of 16 MiB. */
const LARGE = 17 * 1024 * 1024;

let agent: Agent;
beforeAll(async () => {
  agent = await ordersAgent();
});

describe("mysql2 through the gateway", () => {
  let db: Connection;
  beforeAll(async () => {
    db = await mysql.createConnection({
      host: agent.host,
      port: agent.port,
      user: agent.connection,
      password: agent.token,
      database: "shop",
      ssl: { ca: agent.product.gatewayCa },
    });
  });
  afterAll(() => db.end());

  it("gives the same rows by text and by prepared statement", async () => {
    const sql = "SELECT id, customer_id, status, total, placed_at FROM orders WHERE id BETWEEN 1 AND 50 ORDER BY id";
    const [text] = await db.query<RowDataPacket[]>(sql);
    const [prepared] = await db.execute<RowDataPacket[]>(sql.replace("1 AND 50", "? AND ?"), [1, 50]);
    expect(text).toHaveLength(50);
    expect(prepared).toEqual(text);
  });

  it("carries values of more than one packet both ways", async () => {
    const value = Buffer.alloc(LARGE, "ab");
    const [rows] = await db.execute<RowDataPacket[]>("SELECT ? AS back, LENGTH(?) AS bytes", [value, value]);
    expect(rows[0]?.bytes).toBe(LARGE);
    expect(value.equals(Buffer.from(rows[0]?.back))).toBe(true);
    const [text] = await db.query<RowDataPacket[]>(`SELECT LENGTH('${"x".repeat(LARGE)}') AS bytes`);
    expect(text[0]?.bytes).toBe(LARGE);
  });

  it("rolls back, and goes on after a refused statement", async () => {
    await db.beginTransaction();
    const [changed] = await db.query<ResultSetHeader>("UPDATE products SET stock = stock + 1 WHERE id = 1");
    expect(changed.affectedRows).toBe(1);
    await expect(db.query("SELECT * FROM no_such_table")).rejects.toMatchObject({ errno: 1064 });
    await db.rollback();
    const [rows] = await db.query<RowDataPacket[]>("SELECT COUNT(*) AS products FROM products");
    expect(rows[0]?.products).toBeGreaterThan(0);
  });

  it("streams a result row by row", async () => {
    let rows = 0;
    // The promise API has no streams: they are the callback API's, one layer below.
    const stream = (db as unknown as { connection: import("mysql2").Connection }).connection
      .query("SELECT a.id FROM orders a JOIN orders b ON b.id <= 20")
      .stream();
    for await (const _ of stream) rows++;
    const [count] = await db.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM orders");
    expect(rows).toBe(Number(count[0]?.n) * 20);
  });
});

describe("the mariadb driver through the gateway", () => {
  let db: MariadbConnection;
  beforeAll(async () => {
    db = await mariadb.createConnection({
      host: agent.host,
      port: agent.port,
      user: agent.connection,
      password: agent.token,
      database: "shop",
      ssl: { ca: agent.product.gatewayCa },
    });
  });
  afterAll(() => db.end());

  it("gives the same rows by text and by prepared statement, prepared and executed in one go", async () => {
    const sql = "SELECT id, name, price FROM products WHERE id <= 20 ORDER BY id";
    const text = await db.query(sql);
    const prepared = await db.execute(sql.replace("20", "?"), [20]);
    expect(text).toHaveLength(20);
    expect([...prepared]).toEqual([...text]);
    // The second time it would take the columns from its cache, if it had been told that it may.
    expect([...(await db.execute(sql.replace("20", "?"), [20]))]).toEqual([...text]);
  });

  it("inserts a batch", async () => {
    await db.beginTransaction();
    const rows = Array.from({ length: 500 }, (_, at) => [1, 1000 + at, 1, 1, "1.00"]);
    await db.batch(
      "INSERT INTO order_items (order_id, line, product_id, quantity, unit_price) VALUES (?, ?, ?, ?, ?)",
      rows,
    );
    const count = "SELECT COUNT(*) FROM order_items WHERE order_id = 1 AND line >= 1000";
    expect(await db.query({ sql: count, rowsAsArray: true })).toEqual([[500n]]);
    await db.rollback();
  });
});
