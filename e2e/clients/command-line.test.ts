import mysql, { type RowDataPacket } from "mysql2/promise";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type Agent, ordersAgent } from "./agent";
import { type Running, start } from "./run-program";

const slow = (mark: string) => `SELECT SLEEP(50) AS ${mark}`;

describe("MariaDB's command line client through the gateway", () => {
  let agent: Agent;
  beforeAll(async () => {
    agent = await ordersAgent();
  });

  const login = () => [
    "--no-defaults",
    "--protocol=TCP",
    `--host=${agent.host}`,
    `--port=${agent.port}`,
    "--user=shop",
  ];
  const tls = () => ["--ssl", "--ssl-verify-server-cert", `--ssl-ca=${agent.caPath}`];
  const client = (...args: string[]): Running =>
    start("mariadb", [...login(), ...tls(), "--skip-column-names", ...args, "shop"], { MYSQL_PWD: agent.token });

  /** Waits until the demo database itself works on a statement with this mark. */
  async function untilRunning(mark: string): Promise<void> {
    const { upstream } = agent.product;
    const db = await mysql.createConnection({ host: "127.0.0.1", ...upstream });
    await vi.waitUntil(
      async () => {
        const [rows] = await db.query<RowDataPacket[]>(
          "SELECT INFO FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()",
        );
        return rows.some((row) => String(row.INFO).includes(mark));
      },
      { timeout: 10_000, interval: 50 },
    );
    await db.end();
  }

  it("runs statements and prints their rows", async () => {
    const { code, out, err } = await client("--execute=SELECT COUNT(*) > 0, DATABASE() FROM orders").ended;
    expect(err).toBe("");
    expect(out).toBe("1\tshop\n");
    expect(code).toBe(0);
  });

  it("lists tables and their fields for completion at its start, changes the schema and shows its status", async () => {
    const { out, err } = await client("--auto-rehash", "--execute=USE information_schema; SELECT DATABASE(); \\s")
      .ended;
    expect(err).toBe("");
    expect(out).toContain("information_schema\n");
    expect(out).toMatch(/SSL:\s+Cipher in use is TLS/);
    expect(out).toMatch(/Questions: \d+/);
  });

  it("interrupts the running statement at Ctrl-C and goes on with the next", async () => {
    const mark = `ctrl_c_${agent.port}`;
    // In a terminal, which Python's standard library gives; the client opens a second connection there and sends KILL QUERY.
    const command = ["mariadb", ...login(), ...tls(), "shop"];
    const terminal = start("python3", ["-c", "import pty, sys; pty.spawn(sys.argv[1:])", ...command], {
      MYSQL_PWD: agent.token,
    });
    terminal.type(`${slow(mark)};\n`);
    await untilRunning(mark);
    terminal.type("\u0003");
    await vi.waitUntil(() => terminal.output().includes("ERROR 1317"), { timeout: 10_000, interval: 50 });
    terminal.type("SELECT CONCAT('still', ' ', 'here');\n");
    await vi.waitUntil(() => terminal.output().includes("still here"), { timeout: 10_000, interval: 50 });
    terminal.type("exit\n");
    expect((await terminal.ended).out).not.toContain("Lost connection");
  });

  it("interrupts by KILL QUERY, with what CONNECTION_ID() told, from a second connection", async () => {
    const mark = `kill_query_${agent.port}`;
    const running = client("--unbuffered", `--execute=SELECT CONNECTION_ID(); ${slow(mark)}`);
    await untilRunning(mark);
    const id = /\d+/.exec(running.output())?.[0];
    const killer = await client(`--execute=KILL QUERY ${id}`).ended;
    expect(killer.err).toBe("");
    const { err, code } = await running.ended;
    expect(err).toMatch(/ERROR 1317/);
    expect(code).not.toBe(0);
  });

  it("is told to use TLS when it does not, before it sends the token", async () => {
    const { code, err } = await start("mariadb", [...login(), "--skip-ssl", "--execute=SELECT 1", "shop"], {
      MYSQL_PWD: agent.token,
    }).ended;
    expect(code).not.toBe(0);
    expect(err).toMatch(/ERROR 1045 \(28000\).*TLS/);
  });
});
