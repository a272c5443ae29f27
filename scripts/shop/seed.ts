import mysql, { type RowDataPacket } from "mysql2/promise";
import { generateShop } from "./generate";
import { SHOP_TABLES, SHOP_VIEWS } from "./schema";

const ROWS_PER_INSERT = 500;

/**
 * Fills the demo upstream once. A fill that was cut off starts over. Returns whether it did anything.
 * @param url of the account that owns the (existing) database
 */
export async function seedShop(url: string): Promise<boolean> {
  const connection = await mysql.createConnection({ uri: url, timezone: "Z", charset: "utf8mb4_unicode_ci" });
  try {
    const lastView = Object.keys(SHOP_VIEWS).at(-1);
    const [found] = await connection.query<RowDataPacket[]>(
      "SELECT 1 FROM information_schema.views WHERE table_schema = DATABASE() AND table_name = ?",
      [lastView],
    );
    if (found.length > 0) {
      return false;
    }
    for (const view of Object.keys(SHOP_VIEWS).reverse()) {
      await connection.query(`DROP VIEW IF EXISTS ${view}`);
    }
    for (const table of Object.keys(SHOP_TABLES).reverse()) {
      await connection.query(`DROP TABLE IF EXISTS ${table}`);
    }
    for (const create of Object.values(SHOP_TABLES)) {
      await connection.query(create);
    }
    await connection.beginTransaction();
    for (const [table, { columns, rows }] of Object.entries(generateShop())) {
      for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
        await connection.query(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ?`, [
          rows.slice(start, start + ROWS_PER_INSERT),
        ]);
      }
    }
    await connection.commit();
    for (const create of Object.values(SHOP_VIEWS)) {
      await connection.query(create);
    }
    return true;
  } finally {
    await connection.end();
  }
}
