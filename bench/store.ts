import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { migrate } from "@/lib/db/migrate";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";

/** A small server's: the store of ten million statements does not fit into it. */
export const BUFFER_POOL = "4G";

export interface BenchStore {
  readonly url: string;
  stop(): Promise<void>;
}

/** What such a store holds. */
export interface BenchFilling {
  /** Of the database; another one for another filling. */
  readonly name: string;
  /** Fills the empty, migrated store. */
  fill(url: string): Promise<unknown>;
}

/** A throw-away server with a filled store. A folder that is given is kept, and used again when it was filled before. */
export async function openBenchStore(
  { name, fill }: BenchFilling,
  folder: string | undefined,
  migrations: string,
): Promise<BenchStore> {
  const root = folder ?? mkdtempSync(join(tmpdir(), "sallyport-search-"));
  mkdirSync(root, { recursive: true });
  const server = await startMariadb({
    dataDir: join(root, "db"),
    port: await freePort(),
    initSql:
      "CREATE USER IF NOT EXISTS 'bench'@'127.0.0.1' IDENTIFIED BY 'bench';\nGRANT ALL ON *.* TO 'bench'@'127.0.0.1';",
    extraArgs: [
      `--innodb-buffer-pool-size=${BUFFER_POOL}`,
      "--innodb-log-file-size=2G",
      "--innodb-flush-log-at-trx-commit=0",
      "--skip-innodb-doublewrite",
      "--local-infile=1",
    ],
  });
  const base = `mysql://bench:bench@127.0.0.1:${server.port}`;
  const url = `${base}/${name}`;
  const done = join(root, `${name}.filled`);
  if (!existsSync(done)) {
    const admin = await mysql.createConnection({ uri: base });
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
    await admin.end();
    await migrate(url, migrations);
    await fill(url);
    writeFileSync(done, "");
  }
  return {
    url,
    stop: async () => {
      await server.stop();
      if (folder === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
