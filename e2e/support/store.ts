import { randomBytes } from "node:crypto";
import { join } from "node:path";
import mysql from "mysql2/promise";
import { inject } from "vitest";
import { startProcessChain } from "@/lib/chain/process-chain";
import { type Signer, signerFrom } from "@/lib/chain/signer";
import { openStore, type Store } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";

/** Signs what tests write themselves; programs under test have the key that they are started with. */
export const testSigner: Signer = signerFrom(Buffer.alloc(32, 7));

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** Where this worker's MariaDB listens, and its account with all rights. */
export function testServer(): { host: string; port: number; user: string; password: string } {
  const port = inject("mariadbPorts")[Number(process.env.VITEST_POOL_ID) - 1];
  if (port === undefined) throw new Error(`No MariaDB was started for worker ${process.env.VITEST_POOL_ID}`);
  return { host: "127.0.0.1", port, user: "test", password: "test" };
}

/** An empty database of the caller's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  startProcessChain("command", "test", () => testSigner);
  const server = testServer();
  const name = `t_${randomBytes(6).toString("hex")}`;
  const run = async (sql: string) => {
    const connection = await mysql.createConnection(server);
    await connection.query(sql);
    await connection.end();
  };
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci`);
  return {
    name,
    url: `mysql://${server.user}:${server.password}@${server.host}:${server.port}/${name}`,
    drop: () => run(`DROP DATABASE IF EXISTS ${name}`),
  };
}

export interface TestStore extends Store {
  readonly url: string;
}

/** A migrated store of the caller's own; `close` also drops it. */
export async function createTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  await migrate(database.url, join(import.meta.dirname, "../../drizzle"));
  const store = openStore(database.url);
  return {
    db: store.db,
    pool: store.pool,
    url: database.url,
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}
