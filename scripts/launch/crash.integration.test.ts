import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { requestClientToken } from "@/lib/auth/client-token";
import { freePort } from "../mariadb.mjs";
import { ROOT } from "./paths.mjs";
import { isAlive } from "./processes.mjs";

const WAIT = { timeout: 50_000, interval: 50 };
const CLIENTS = 6;

describe("kill -9 in the middle of a load", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "sallyport-crash-"));
  const ports: Record<string, string> = {};
  let launcher: ChildProcess;
  let printed = "";
  let pool: mysql.Pool;

  const start = async () => {
    printed = "";
    launcher = spawn(process.execPath, [join(ROOT, "scripts/start.mjs"), "--without-console"], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test", DATA_DIR: dataDir, ...ports },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const read = (text: Buffer) => {
      printed += text;
    };
    launcher.stdout?.on("data", read);
    launcher.stderr?.on("data", read);
    await vi.waitUntil(() => /^ready$/m.test(printed) || launcher.exitCode !== null, WAIT);
    expect(printed).toMatch(/^ready$/m);
  };
  const json = (name: string) => JSON.parse(readFileSync(join(dataDir, name), "utf8"));
  const children = (): Record<string, number> => json("run.json").children;

  beforeAll(async () => {
    for (const name of ["PORT", "GATEWAY_PORT", "GATEWAY_OPS_PORT", "DEV_IDP_PORT", "DEV_DB_PORT"]) {
      ports[name] = String(await freePort());
    }
    await start();
    pool = mysql.createPool({ uri: json("env.json").DATABASE_URL });
  });
  afterAll(async () => {
    await pool.end();
    launcher.kill("SIGTERM");
    await vi.waitUntil(() => launcher.exitCode !== null || launcher.signalCode !== null, WAIT);
    rmSync(dataDir, { recursive: true });
  });

  async function connect(): Promise<Connection> {
    const variables = json("env.json");
    const { accessToken } = await requestClientToken({
      issuer: variables.OIDC_ISSUER,
      audience: variables.OIDC_AUDIENCE,
      clientId: "orders-agent",
      clientSecret: "orders-agent-secret",
      scope: "mysql:connect",
    });
    const connection = await mysql.createConnection({
      host: "127.0.0.1",
      port: Number(variables.GATEWAY_PORT),
      user: "shop",
      password: accessToken,
      ssl: { ca: readFileSync(variables.GATEWAY_TLS_CA, "utf8") },
    });
    connection.on("error", () => undefined);
    return connection;
  }

  /** One statement after the other until the connection is lost; resolves to the error that said so. */
  async function work(connection: Connection, onAnswer: () => void): Promise<NodeJS.ErrnoException> {
    try {
      for (;;) {
        await connection.query("SELECT * FROM orders LIMIT 200");
        onAnswer();
      }
    } catch (error) {
      return error as NodeJS.ErrnoException;
    }
  }

  /** Starts the load, waits until it runs, does the harm, and gives what the clients were told. */
  async function underLoad(harm: () => void): Promise<NodeJS.ErrnoException[]> {
    const clients = await Promise.all(Array.from({ length: CLIENTS }, connect));
    let answers = 0;
    const lost = clients.map((client) =>
      work(client, () => {
        answers++;
      }),
    );
    await vi.waitUntil(() => answers > CLIENTS * 20, WAIT);
    // The first answers can come before the sessions themselves are in the store.
    await vi.waitUntil(async () => (await openSessions()) >= CLIENTS, WAIT);
    harm();
    return Promise.all(lost);
  }

  const openSessions = async () => {
    const [rows] = await pool.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM sessions WHERE ended_at IS NULL");
    return Number(rows[0]?.n);
  };
  const cutSessions = async () => {
    const [rows] = await pool.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM sessions WHERE end_reason = 'cut'");
    return Number(rows[0]?.n);
  };
  const worksAgain = async () => {
    const client = await connect();
    const [rows] = await client.query<RowDataPacket[]>("SELECT 1 AS fine");
    await client.end();
    expect(rows).toEqual([{ fine: 1 }]);
  };

  it("of the gateway: every client gets an error at once, another gateway takes over, the sessions are marked as cut", async () => {
    const killed = children().gateway ?? 0;
    const errors = await underLoad(() => process.kill(killed, "SIGKILL"));
    expect(errors.map((error) => error.code)).toEqual(
      Array(CLIENTS).fill(expect.stringMatching(/^(PROTOCOL_CONNECTION_LOST|ECONNRESET|EPIPE)$/)),
    );
    await vi.waitUntil(() => printed.includes("the gateway answers again"), WAIT);
    await worksAgain();
    await vi.waitUntil(async () => (await openSessions()) === 0, WAIT);
    expect(await cutSessions()).toBe(CLIENTS);
  });

  it("of everything: npm start recovers, and the sessions are marked as cut", async () => {
    const before = await cutSessions();
    // The gateway first: one that still sees its database die writes down that sessions lost their upstream.
    const { gateway = 0, ...others } = children();
    const pids = [gateway, launcher.pid ?? 0, ...Object.values(others)];
    const errors = await underLoad(() => {
      for (const pid of pids) process.kill(pid, "SIGKILL");
    });
    expect(errors).toHaveLength(CLIENTS);
    await vi.waitUntil(() => pids.every((pid) => !isAlive(pid)), WAIT);
    await start();
    await worksAgain();
    await vi.waitUntil(async () => (await openSessions()) === 0, WAIT);
    expect((await cutSessions()) - before).toBe(CLIENTS);
  });
});
