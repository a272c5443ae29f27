import { drizzle, type MySql2Database } from "drizzle-orm/mysql2";
import mysql, { type Pool } from "mysql2/promise";
import * as schema from "./schema";

export type Db = MySql2Database<typeof schema>;
/** What a verb may run on: the pool's database or the transaction it is part of. */
export type DbOrTx = Db | Parameters<Parameters<Db["transaction"]>[0]>[0];

export interface Store {
  readonly db: Db;
  readonly pool: Pool;
  close(): Promise<void>;
}

const SQL_MODE = "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/** Opens a pool on the store. All times are UTC, all text utf8mb4, counters that exceed 2^53 never occur. */
export function openStore(databaseUrl: string, options: { connections?: number } = {}): Store {
  const pool = mysql.createPool({
    uri: databaseUrl,
    connectionLimit: options.connections ?? 10,
    timezone: "Z",
    supportBigNumbers: true,
    charset: "utf8mb4_unicode_ci",
    connectTimeout: 5_000,
    enableKeepAlive: true,
  });
  // The driver escapes values with backslashes: a server-wide NO_BACKSLASH_ESCAPES must not reach these connections.
  pool.on("connection", (connection) => {
    connection.query(`SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00'`);
  });
  return { db: drizzle(pool, { schema, mode: "default" }), pool, close: () => pool.end() };
}
