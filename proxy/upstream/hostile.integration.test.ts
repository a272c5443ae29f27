import { randomBytes } from "node:crypto";
import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RawClient } from "@/e2e/support/raw-client";
import {
  answering,
  type Script,
  scriptedGreeting,
  startScriptedUpstream,
  UPSTREAM_CAPABILITIES,
} from "@/e2e/support/scripted-upstream";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { CAPABILITY, COMMAND } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { bytesOf, PLAIN, TRACKED } from "../protocol/fixtures";
import { writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import { seededRandom } from "../protocol/seeded-random";

const SECRET = "upstream-secret-9";

describe("an upstream that is broken or hostile", () => {
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());

  /** Logs in through the gateway to an upstream that follows the script. */
  async function against<T>(
    script: Script,
    use: (client: RawClient, login: Buffer | null, received: Buffer[]) => Promise<T>,
  ) {
    const upstream = await startScriptedUpstream(script);
    const kept = gateway.settings.upstream;
    gateway.settings.upstream = { ...kept, port: upstream.port, user: "upstream-user", password: SECRET };
    const client = await RawClient.connect(gateway.port);
    try {
      return await use(client, await client.logIn(TOKEN), upstream.received);
    } finally {
      client.destroy();
      gateway.settings.upstream = kept;
      await upstream.close();
    }
  }

  const greet =
    (answer: Buffer | null): Script =>
    (turn) =>
      turn === 0 ? scriptedGreeting() : answer;

  it.each<[string, Script]>([
    ["closes at once", () => null],
    ["greets with nonsense", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["greets with random bytes", () => randomBytes(300)],
    ["greets with a packet of 16 MiB", () => bytesOf("feffff00")],
    [
      "greets with an error",
      () => writeFrame(writeErr({ errno: 1040, sqlState: "08004", message: "Too many connections" }), 0),
    ],
    [
      "refuses the login",
      greet(writeFrame(writeErr({ errno: 1045, sqlState: "28000", message: "Access denied for 'upstream-user'" }), 2)),
    ],
    ["closes during the login", greet(null)],
    ["asks for the password in clear", greet(writeFrame(Buffer.from("\xfemysql_clear_password\0", "latin1"), 2))],
    ["asks for the oldest password scheme", greet(writeFrame(Buffer.of(0xfe), 2))],
    ["asks for a plugin that nobody knows", greet(writeFrame(Buffer.from("\xfedialog\0Password:", "latin1"), 2))],
    ["asks for a local file during the login", greet(writeFrame(Buffer.from("\xfb/etc/passwd", "latin1"), 2))],
    ["sends packets out of order", greet(writeFrame(simpleOk(2), 9))],
    ["sends more behind its OK", greet(Buffer.concat([writeFrame(simpleOk(2), 2), Buffer.of(1)]))],
    [
      "switches plugins without end",
      (turn) =>
        turn === 0
          ? scriptedGreeting()
          : writeFrame(Buffer.from(`\xfemysql_native_password\0${"A".repeat(20)}\0`, "latin1"), turn * 2),
    ],
    [
      "sends a key that is none",
      (turn) =>
        turn === 0
          ? scriptedGreeting(UPSTREAM_CAPABILITIES, "caching_sha2_password")
          : turn === 1
            ? writeFrame(Buffer.of(1, 4), 2)
            : writeFrame(Buffer.from("\x01-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), 4),
    ],
    ["is too old for its client", (turn) => (turn === 0 ? scriptedGreeting(CAPABILITY.LONG_PASSWORD) : null)],
  ])("that %s makes the login fail with UNAVAILABLE, without account or password", async (_what, script) => {
    await against(script, async (client, login, received) => {
      const text = login?.toString("latin1") ?? "";
      expect(text).toContain("code=UNAVAILABLE");
      expect(text).not.toContain("upstream-user");
      expect(text).not.toContain(SECRET);
      expect(Buffer.concat(received).includes(SECRET)).toBe(false);
      await client.closed();
    });
    expect(gateway.observed.audits.at(-1)).toMatchObject({
      action: "login.refused",
      result: "failed",
      code: "UNAVAILABLE",
    });
  });

  it("that does not offer TLS gets no login where TLS is demanded", async () => {
    for (const tls of ["required", "verify-ca", "verify-full"] as const) {
      const upstream = await startScriptedUpstream(answering(null));
      const kept = gateway.settings.upstream;
      gateway.settings.upstream = { ...kept, port: upstream.port, tls };
      const client = await RawClient.connect(gateway.port);
      expect((await client.logIn(TOKEN))?.toString("utf8")).toContain("demands TLS");
      expect(upstream.received).toEqual([]);
      client.destroy();
      gateway.settings.upstream = kept;
      await upstream.close();
    }
  });

  it.each([
    ["asks for a local file", writeFrame(Buffer.from("\xfb/etc/passwd", "latin1"), 1)],
    ["answers with an empty packet", bytesOf("00000001")],
    ["claims a column count beyond any table's", writeFrame(bytesOf("feffffffffffffffff"), 1)],
    ["answers with an auth switch", writeFrame(Buffer.of(0xfe), 1)],
    ["closes", null],
  ])("that %s in place of a result gives the client an error and ends the session", async (_what, bytes) => {
    await against(answering(bytes), async (client, login) => {
      expect(login?.[0]).toBe(0);
      client.sequence = 0;
      client.send(Buffer.from("\x03SELECT 1"));
      expect((await client.readError()).errno).toBe(1105);
      await client.closed();
    });
    await vi.waitFor(() => expect(gateway.observed.ends.at(-1)?.reason).toBe("upstream_lost"), 20_000);
  });

  it("that breaks off in the middle of a row ends the session", async () => {
    const half = bytesOf(TRACKED.select).subarray(0, -14);
    await against(answering(half), async (client) => {
      expect((await client.command(COMMAND.QUERY, "SELECT 1"))?.[0]).toBe(2);
      await vi.waitFor(() => expect(gateway.registry.size).toBe(1), 20_000);
      const [session] = gateway.registry.sessions();
      session?.terminate("killed");
      await client.closed();
    });
  });

  it("that answers when nothing was asked loses the session, and the client learns it with its next statement", async () => {
    const twice = Buffer.concat([writeFrame(simpleOk(2), 1), writeFrame(simpleOk(2), 1)]);
    await against(answering(twice), async (client) => {
      expect((await client.command(COMMAND.QUERY, "SET @a = 1"))?.[0]).toBe(0);
      expect((await client.command(COMMAND.QUERY, "SET @a = 2"))?.readUInt16LE(1)).toBe(1105);
      await client.closed();
    });
  });

  it("that answers with changed or random bytes never takes the gateway down", async () => {
    const random = seededRandom(2026);
    const answers = [...Object.values(PLAIN), ...Object.values(TRACKED)];
    for (let run = 0; run < 60; run += 1) {
      const bytes = bytesOf(answers[run % answers.length] ?? "");
      for (let change = 0; change < 4; change += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      await against(answering(bytes), async (client, login, received) => {
        expect(login?.[0]).toBe(0);
        client.sequence = 0;
        client.send(Buffer.from(run % 3 === 0 ? "\x16SELECT ?" : "\x03SELECT 1"));
        // The answer follows at once; whether any of it reaches the client depends on what was changed.
        await vi.waitFor(() => expect(received.length).toBeGreaterThan(1), { interval: 2 });
      });
    }
    const healthy = await mysql.createConnection(clientOptions(gateway));
    expect((await healthy.query("SELECT 1 AS one"))[0]).toEqual([{ one: 1 }]);
    await healthy.end();
  });
});
