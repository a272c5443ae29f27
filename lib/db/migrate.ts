import { drizzle } from "drizzle-orm/mysql2";
import { migrate as applyMigrations } from "drizzle-orm/mysql2/migrator";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { SallyportError } from "@/lib/errors/error";

const LOCK = "sallyport_migrate";
const LOCK_SECONDS = 120;

/**
 * Brings the store to the newest schema. Programs that start at the same time wait for one another: the migrations run on one
 * connection that holds a server lock (GET_LOCK). Throws UNAVAILABLE when the lock is not had within two minutes.
 */
export async function migrate(databaseUrl: string, migrationsFolder: string): Promise<void> {
  const connection = await mysql.createConnection({ uri: databaseUrl, timezone: "Z", charset: "utf8mb4_unicode_ci" });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("SELECT GET_LOCK(?, ?) AS locked", [LOCK, LOCK_SECONDS]);
    if (rows[0]?.locked !== 1) {
      throw new SallyportError("UNAVAILABLE", `Another program has been migrating the store for ${LOCK_SECONDS} s`, {
        next: "Look for a hanging start, then try again",
      });
    }
    await applyMigrations(drizzle(connection), { migrationsFolder });
    await connection.query("INSERT IGNORE INTO gateway_feed (id, version) VALUES (1, 0)");
  } finally {
    await connection.end();
  }
}
