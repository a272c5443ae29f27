import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import { scratchRoot } from "@/scripts/testing/scratch-root.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Ports on 127.0.0.1 of the run's private MariaDBs, one for each worker. */
    mariadbPorts: readonly number[];
  }
}

const ACCOUNT = `CREATE USER IF NOT EXISTS 'test'@'127.0.0.1' IDENTIFIED BY 'test';
GRANT ALL ON *.* TO 'test'@'127.0.0.1' WITH GRANT OPTION;
`;

/**
 * A private MariaDB for each worker, since some tests set what a whole server obeys; every test file makes databases of its own in it. The
 * account `test` has all rights.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await Promise.all(Array.from({ length: project.globalConfig.maxWorkers }, startServer));
  project.provide(
    "mariadbPorts",
    servers.map(({ port }) => port),
  );
  return async () => {
    await Promise.all(servers.map(({ stop }) => stop()));
  };
}

async function startServer(): Promise<{ port: number; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(scratchRoot(), "sallyport-test-db-"));
  const server = await startMariadb({
    dataDir,
    port: await freePort(),
    initSql: ACCOUNT,
    extraArgs: ["--local-infile=1", "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite"],
  });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { port: server.port, stop };
}
