// The private MariaDB of the embedded default: two databases and three accounts.
import { join } from "node:path";
import { startMariadb } from "../mariadb.mjs";

/** What the demo upstream's application account may do: data, not structure. */
const SHOP_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, SHOW VIEW";

/** @param {string} user @param {string} password generated, letters and digits only */
const account = (user, password) => [
  `CREATE USER IF NOT EXISTS '${user}'@'127.0.0.1' IDENTIFIED BY '${password}';`,
  `ALTER USER '${user}'@'127.0.0.1' IDENTIFIED BY '${password}';`,
];

/** The databases and accounts, for a server's init file. @param {ReturnType<typeof import("./data-dir.mjs").secretsOf>} secrets */
export function databaseSql(secrets) {
  return [
    "CREATE DATABASE IF NOT EXISTS sallyport CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;",
    "CREATE DATABASE IF NOT EXISTS shop CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;",
    ...account("sallyport", secrets.storePassword),
    ...account("shop_owner", secrets.shopOwnerPassword),
    ...account("shop_app", secrets.shopPassword),
    "GRANT ALL ON sallyport.* TO 'sallyport'@'127.0.0.1';",
    "GRANT ALL ON shop.* TO 'shop_owner'@'127.0.0.1';",
    `GRANT ${SHOP_PRIVILEGES} ON shop.* TO 'shop_app'@'127.0.0.1';`,
  ].join("\n");
}

/**
 * @param {string} dataDir @param {number} port
 * @param {ReturnType<typeof import("./data-dir.mjs").secretsOf>} secrets
 * @param {(pid: number) => void} onSpawn
 */
export function startDatabase(dataDir, port, secrets, onSpawn) {
  return startMariadb({
    dataDir: join(dataDir, "mariadb"),
    port,
    initSql: databaseSql(secrets),
    logFile: join(dataDir, "logs", "mariadb.log"),
    onSpawn,
  });
}
