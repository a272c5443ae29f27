import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import { scratchRoot } from "@/scripts/testing/scratch-root.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** Port of the run's private MariaDB on 127.0.0.1. */
    mariadbPort: number;
  }
}

/** One private MariaDB for the whole run; every test file makes databases of its own in it. The account `test` has all rights. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(scratchRoot(), "sallyport-test-db-"));
  const server = await startMariadb({
    dataDir,
    port: await freePort(),
    initSql:
      "CREATE USER IF NOT EXISTS 'test'@'127.0.0.1' IDENTIFIED BY 'test'; GRANT ALL ON *.* TO 'test'@'127.0.0.1' WITH GRANT OPTION;".replaceAll(
        "; ",
        ";\n",
      ),
    extraArgs: ["--local-infile=1", "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite"],
  });
  project.provide("mariadbPort", server.port);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}
