import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql, { type RowDataPacket } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buildPrograms } from "../build.mjs";
import { freePort } from "../mariadb.mjs";
import { DIST, ROOT } from "./paths.mjs";
import { commandLineOf, isAlive } from "./processes.mjs";

const WAIT = { timeout: 50_000, interval: 50 };

interface Started {
  readonly process: ChildProcess;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Its exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

describe("npm start", () => {
  let dataDir: string;
  let ports: Record<"PORT" | "GATEWAY_PORT" | "GATEWAY_OPS_PORT" | "DEV_IDP_PORT" | "DEV_DB_PORT", string>;
  let all: Started[];
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "sallyport-start-"));
    const [console, gateway, ops, idp, database] = await Promise.all([1, 2, 3, 4, 5].map(freePort));
    ports = {
      PORT: String(console),
      GATEWAY_PORT: String(gateway),
      GATEWAY_OPS_PORT: String(ops),
      DEV_IDP_PORT: String(idp),
      DEV_DB_PORT: String(database),
    };
    all = [];
  });
  afterEach(async () => {
    for (const { process: child, exited } of all) {
      child.kill("SIGTERM");
      await exited;
    }
    await vi.waitUntil(() => ours().length === 0, WAIT);
    rmSync(dataDir, { recursive: true });
  });

  const launch = (args: readonly string[], variables: Record<string, string> = {}): Started => {
    const child = spawn(process.execPath, [join(ROOT, "scripts/start.mjs"), ...args], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: "test",
        DATA_DIR: dataDir,
        ...ports,
        ...variables,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    child.stderr.on("data", (text) => {
      said += text;
    });
    const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
    const started = { process: child, output: () => said, exited };
    all.push(started);
    return started;
  };
  const untilReady = async (started: Started) => {
    await vi.waitUntil(() => /^ready$/m.test(started.output()) || started.process.exitCode !== null, WAIT);
    expect(started.output()).toMatch(/^ready$/m);
  };
  /** Names and process ids of the children that the launcher has noted. */
  const children = (): Record<string, number> => {
    const path = join(dataDir, "run.json");
    return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).children : {};
  };
  let noted = new Set<number>();
  /** Those of them, of all starts of this test, that still run. */
  const ours = (): number[] => {
    noted = new Set([...noted, ...Object.values(children())]);
    return [...noted].filter((pid) => isAlive(pid) && /mariadbd|die-with-parent/.test(commandLineOf(pid)));
  };
  const variables = (): Record<string, string> => JSON.parse(readFileSync(join(dataDir, "env.json"), "utf8"));

  it("brings up database, demo data, IdP and gateway, says ready, and with --check stops everything again", async () => {
    const started = launch(["--without-console", "--check"]);
    expect(await started.exited, started.output()).toBe(0);
    const lines = started.output();
    expect(lines).toMatch(/^ready$/m);
    expect(lines).toContain(`mysql://127.0.0.1:${ports.GATEWAY_PORT}`);
    expect(ours()).toEqual([]);
    expect(existsSync(join(dataDir, "run.json"))).toBe(false);
    expect(variables()).toMatchObject({ ...ports, OIDC_ISSUER: `http://localhost:${ports.DEV_IDP_PORT}` });
  });

  it("fills the shop once, keeps it over a restart, and follows the database to another port", async () => {
    const first = launch(["--services-only"]);
    await untilReady(first);
    const shop = await mysql.createConnection(variables().SHOP_OWNER_URL ?? "");
    await shop.query("DELETE FROM payments WHERE id = 1");
    await shop.end();
    first.process.kill("SIGTERM");
    expect(await first.exited).toBe(0);

    const other = String(await freePort());
    await untilReady(launch(["--services-only"], { DEV_DB_PORT: other }));
    const again = await mysql.createConnection(variables().SHOP_OWNER_URL ?? "");
    const [gone] = await again.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM payments WHERE id = 1");
    await again.end();
    expect(gone[0]?.n).toBe(0);
    const store = await mysql.createConnection(variables().DATABASE_URL ?? "");
    const [known] = await store.query<RowDataPacket[]>("SELECT name, port FROM connections");
    const [policies] = await store.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM policies");
    await store.end();
    expect(known).toEqual([{ name: "shop", port: Number(other) }]);
    expect(policies[0]?.n).toBe(3);
  });

  it("leaves nothing running when it is killed, and starts again after that", async () => {
    const first = launch(["--without-console"]);
    await untilReady(first);
    expect(Object.keys(children()).sort()).toEqual(["development IdP", "gateway", "mariadb"]);
    expect(ours()).toHaveLength(3);
    first.process.kill("SIGKILL");
    await first.exited;
    await vi.waitUntil(() => ours().length === 0, WAIT);
    await untilReady(launch(["--without-console"]));
  });

  it("leaves nothing running when it is killed in the middle of the set-up", async () => {
    const first = launch(["--services-only"]);
    await vi.waitUntil(() => "mariadb" in children(), WAIT);
    first.process.kill("SIGKILL");
    await first.exited;
    await vi.waitUntil(() => ours().length === 0, WAIT);
    await untilReady(launch(["--services-only"]));
  });

  it("stops cleanly when it is told to in the middle of the set-up", async () => {
    const started = launch(["--services-only"]);
    await vi.waitUntil(() => "mariadb" in children(), WAIT);
    started.process.kill("SIGINT");
    expect(await started.exited, started.output()).toBe(0);
    expect(started.output()).not.toMatch(/^ready$/m);
    expect(ours()).toEqual([]);
    expect(existsSync(join(dataDir, "run.lock"))).toBe(false);
  });

  it("starts a gateway again that was killed", async () => {
    const started = launch(["--without-console"]);
    await untilReady(started);
    const killed = children().gateway ?? 0;
    process.kill(killed, "SIGKILL");
    await vi.waitUntil(() => started.output().includes("the gateway answers again"), WAIT);
    expect(children().gateway).not.toBe(killed);
    const health = await fetch(`http://127.0.0.1:${ports.GATEWAY_OPS_PORT}/readyz`);
    expect(health.status).toBe(200);
  });

  it("refuses a second start in the same directory and leaves the first alone", async () => {
    const first = launch(["--services-only"]);
    await untilReady(first);
    const second = launch(["--services-only"]);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`already running in ${dataDir} (process ${first.process.pid})`);
    expect(isAlive(first.process.pid ?? 0)).toBe(true);
    expect((await fetch(`http://localhost:${ports.DEV_IDP_PORT}/jwks`)).status).toBe(200);
  });

  it("names the variable to change when a port is taken", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(Number(ports.DEV_IDP_PORT), "127.0.0.1", resolve));
    const started = launch(["--services-only"]);
    expect(await started.exited).toBe(1);
    expect(started.output()).toContain(`Port ${ports.DEV_IDP_PORT} (development IdP) is taken`);
    expect(started.output()).toMatch(/DEV_IDP_PORT=\d+ npm start/);
    await new Promise((resolve) => holder.close(resolve));
  });

  it.each([
    [{ DATABASE_URL: "mysql://u:p@127.0.0.1:1/x" }, "DATABASE_URL is set, but OIDC_ISSUER is not"],
    [{ OIDC_ISSUER: "https://login.example.com" }, "OIDC_ISSUER is set, but DATABASE_URL is not"],
    [{ NODE_ENV: "production" }, "NODE_ENV=production, but DATABASE_URL and OIDC_ISSUER are not set"],
    [{ DEV_DB_PORT: "http" }, 'DEV_DB_PORT is "http", but must be a port'],
  ])("stops with a clear message for %j", async (given: Record<string, string>, message) => {
    const started = launch(["--services-only"], given);
    expect(await started.exited).toBe(1);
    expect(started.output()).toContain(message);
  });

  it("lists every bad variable of production mode before anything starts", async () => {
    const started = launch(["--only=gateway"], {
      DATABASE_URL: "postgres://u:p@127.0.0.1:1/x",
      OIDC_ISSUER: "https://login.example.com",
      SALLYPORT_MASTER_KEY: "too short",
    });
    expect(await started.exited).toBe(1);
    for (const name of [
      "DATABASE_URL",
      "SALLYPORT_MASTER_KEY",
      "GATEWAY_TLS_CERT is missing",
      "GATEWAY_TLS_KEY is missing",
    ]) {
      expect(started.output()).toContain(name);
    }
    expect(started.output()).not.toContain("too short");
  });

  it("never runs the development IdP in production mode", async () => {
    await buildPrograms(["dev-idp"]);
    const wrong: NodeJS.ProcessEnv[] = [{ NODE_ENV: "production", SALLYPORT_EMBEDDED: "true" }, { NODE_ENV: "test" }];
    for (const given of wrong) {
      const child = spawn(process.execPath, [join(DIST, "dev-idp.mjs")], {
        cwd: ROOT,
        env: { PATH: process.env.PATH, ...given },
      });
      let said = "";
      child.stderr.on("data", (text) => {
        said += text;
      });
      expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
      expect(said).toContain("does not start in production mode");
    }
  });
});
