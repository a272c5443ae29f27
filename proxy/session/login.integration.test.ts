import { connect } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { RAW_CAPABILITIES, RawClient } from "@/e2e/support/raw-client";
import { clientOptions, type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { writeOpenidToken } from "../protocol/auth-openid";
import { CAPABILITY } from "../protocol/constants";
import { writeFrame } from "../protocol/frame";
import { writeHandshakeResponse } from "../protocol/handshake-response";
import { readHandshakeV10 } from "../protocol/handshake-v10";
import { writeSslRequest } from "../protocol/ssl-request";

describe("logging in on the wire", () => {
  let gateway: GatewayUnderTest;
  let client: RawClient;

  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway.close());
  beforeEach(async () => {
    client = await RawClient.connect(gateway.port);
    gateway.observed.audits.length = 0;
  });
  afterEach(() => client.destroy());

  it("greets with caching_sha2_password, TLS and none of the capabilities that are not served", async () => {
    const greeting = await client.greeting();
    expect(greeting.authPlugin).toBe("caching_sha2_password");
    expect(greeting.scramble).toHaveLength(20);
    expect(greeting.capabilities & CAPABILITY.SSL).not.toBe(0);
    for (const bit of [
      CAPABILITY.LOCAL_FILES,
      CAPABILITY.MULTI_STATEMENTS,
      CAPABILITY.COMPRESS,
      1 << 25,
      1 << 26,
      1 << 27,
    ]) {
      expect(greeting.capabilities & bit).toBe(0);
    }
  });

  it("gives greeting ids of its own that are not in a row", async () => {
    const other = await RawClient.connect(gateway.port);
    const [one, two] = [(await client.greeting()).threadId, (await other.greeting()).threadId];
    other.destroy();
    expect(one).toBeGreaterThan(0);
    expect(Math.abs(one - two)).toBeGreaterThan(1);
  });

  it("refuses a login without TLS before it asks for any secret, and writes it down", async () => {
    await client.greeting();
    client.sendResponse();
    const error = await client.readError();
    expect(error).toMatchObject({ errno: 1045, sqlState: "28000" });
    expect(error.message).toContain("TLS");
    await client.closed();
    const [event] = gateway.observed.audits;
    expect(event).toMatchObject({
      action: "login.refused",
      result: "refused",
      connectionName: "shop",
      code: "LOGIN_REFUSED",
    });
    expect(error.message).toContain(`event=${event?.id}`);
  });

  it("refuses a bad token with its event's id and without its text", async () => {
    const answer = await client.logIn("stolen-secret");
    expect(answer?.readUInt16LE(1)).toBe(1045);
    const text = answer?.toString("utf8") ?? "";
    expect(text).toContain("signature does not match");
    expect(text).toContain(`event=${gateway.observed.audits[0]?.id}`);
    expect(JSON.stringify(gateway.observed.audits)).not.toContain("stolen-secret");
    expect(gateway.registry.metrics.refusals.get("LOGIN_REFUSED")).toBeGreaterThan(0);
  });

  it("takes the token by caching_sha2_password full authentication", async () => {
    expect((await client.logIn(TOKEN))?.[0]).toBe(0);
    expect(gateway.observed.starts.at(-1)).toMatchObject({
      authMethod: "caching_sha2_password",
      tlsVersion: "TLSv1.3",
    });
    expect(gateway.observed.audits.at(-1)).toMatchObject({ action: "login.accepted", actorName: "agent" });
  });

  it("speaks TLS 1.2 with clients that have no newer one", async () => {
    await client.greeting();
    await client.startTls(RAW_CAPABILITIES, "TLSv1.2");
    client.sendResponse();
    await client.read();
    client.send(Buffer.from(`${TOKEN}\0`));
    expect((await client.read())?.[0]).toBe(0);
    expect(gateway.observed.starts.at(-1)?.tlsVersion).toBe("TLSv1.2");
  });

  it.each([
    ["with", "\0"],
    ["without", ""],
  ])("takes the token by mysql_clear_password %s a trailing NUL", async (_how, end) => {
    await client.greeting();
    await client.startTls();
    client.sendResponse({ authPlugin: "mysql_clear_password", authResponse: Buffer.alloc(0) });
    expect((await client.read())?.toString("latin1")).toBe("\xfemysql_clear_password\0");
    client.send(Buffer.from(TOKEN + end));
    expect((await client.read())?.[0]).toBe(0);
    expect(gateway.observed.starts.at(-1)?.authMethod).toBe("mysql_clear_password");
  });

  it("takes the token in the response itself when the client begins with mysql_clear_password", async () => {
    await client.greeting();
    await client.startTls();
    client.sendResponse({ authPlugin: "mysql_clear_password", authResponse: Buffer.from(`${TOKEN}\0`) });
    expect((await client.read())?.[0]).toBe(0);
  });

  it("takes the token by authentication_openid_connect_client", async () => {
    await client.greeting();
    await client.startTls();
    client.sendResponse({ authPlugin: "authentication_openid_connect_client", authResponse: writeOpenidToken(TOKEN) });
    expect((await client.read())?.[0]).toBe(0);
    expect(gateway.observed.starts.at(-1)?.authMethod).toBe("authentication_openid_connect_client");
  });

  it("switches clients of other plugins to caching_sha2_password", async () => {
    await client.greeting();
    await client.startTls();
    client.sendResponse({ authPlugin: "mysql_native_password", authResponse: Buffer.alloc(20, 1) });
    const request = await client.read();
    expect(request?.toString("latin1")).toMatch(/^\xfecaching_sha2_password\0[^\0]{20}\0$/);
    client.send(Buffer.alloc(32, 1));
    expect((await client.read())?.toString("hex")).toBe("0104");
    client.send(Buffer.from(`${TOKEN}\0`));
    expect((await client.read())?.[0]).toBe(0);
  });

  it("tells clients without plugins that they cannot log in", async () => {
    await client.greeting();
    const capabilities = RAW_CAPABILITIES & ~CAPABILITY.PLUGIN_AUTH & ~CAPABILITY.PLUGIN_AUTH_LENENC;
    await client.startTls(capabilities);
    client.sendResponse({ capabilities, authPlugin: null });
    expect((await client.readError()).message).toContain("no authentication plugins");
  });

  it("asks for a token when there is none", async () => {
    expect((await client.logIn("", { authResponse: Buffer.alloc(0) }))?.toString("utf8")).toContain(
      "sent no access token",
    );
  });

  it("refuses a token of 1.5 MiB, and the client can read why", async () => {
    const text = (await client.logIn(`token-agent ${"x".repeat(1_572_864)}`))?.toString("utf8") ?? "";
    expect(text).toContain("LOGIN_REFUSED");
    expect(text).toContain("64 KiB");
  });

  it("refuses character sets that hide quotes", async () => {
    expect((await client.logIn(TOKEN, { collation: 28 }))?.toString("utf8")).toContain("utf8mb4");
  });

  it("keeps silent about a TCP health check", async () => {
    const before = gateway.registry.metrics.refusals.size;
    const socket = connect({ host: "127.0.0.1", port: gateway.port });
    await new Promise((resolve) => socket.once("data", resolve));
    socket.destroy();
    await new Promise((resolve) => socket.once("close", resolve));
    expect((await client.logIn(TOKEN))?.[0]).toBe(0);
    expect(gateway.observed.audits.map((row) => row.action)).toEqual(["login.accepted"]);
    expect(gateway.registry.metrics.refusals.size).toBe(before);
  });

  it("takes an SSLRequest and the beginning of TLS in one segment", async () => {
    client.destroy();
    const socket = connect({ host: "127.0.0.1", port: gateway.port });
    const greeting = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(readHandshakeV10(greeting.subarray(4)).authPlugin).toBe("caching_sha2_password");
    let first = writeFrame(
      writeSslRequest({ capabilities: RAW_CAPABILITIES | CAPABILITY.SSL, maxPacket: 1, collation: 45 }),
      1,
    );
    const joined = new Duplex({
      read: () => undefined,
      write: (part: Buffer, _encoding, done) => {
        socket.write(Buffer.concat([first, part]), done);
        first = Buffer.alloc(0);
      },
    });
    socket.on("data", (part) => joined.push(part));
    const secure = connectTls({ socket: joined, rejectUnauthorized: false });
    await new Promise((resolve, reject) => {
      secure.once("secureConnect", resolve);
      secure.once("error", reject);
    });
    secure.destroy();
    socket.destroy();
  });

  it("takes the response, the token and the first command in one go", async () => {
    await client.greeting();
    await client.startTls();
    const response = writeHandshakeResponse({
      capabilities: RAW_CAPABILITIES,
      maxPacket: 1 << 24,
      collation: 45,
      user: "shop",
      authResponse: Buffer.alloc(32, 1),
      database: null,
      authPlugin: "caching_sha2_password",
      attributes: new Map(),
    });
    client.raw(
      Buffer.concat([
        writeFrame(response, 2),
        writeFrame(Buffer.from(`${TOKEN}\0`), 4),
        writeFrame(Buffer.from("\x03SELECT 'pipelined'"), 0),
        writeFrame(Buffer.from("\x0e"), 0),
      ]),
    );
    expect((await client.read())?.toString("hex")).toBe("0104");
    expect((await client.read())?.[0]).toBe(0);
    expect((await client.read())?.toString("hex")).toBe("01");
    for (let packet = 0; packet < 4; packet += 1) {
      await client.read();
    }
    expect((await client.read())?.[0]).toBe(0);
  });

  it.each([
    ["nonsense", Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n")],
    ["a packet out of order", writeFrame(Buffer.alloc(32), 9)],
    ["a response that ends early", writeFrame(Buffer.alloc(20, 255), 1)],
  ])("answers %s with an ERR and closes", async (_what, bytes) => {
    await client.greeting();
    client.raw(bytes);
    expect((await client.readError()).errno).toBe(1045);
    await client.closed();
  });

  it("tells a wrong default schema from other trouble, without the upstream's account", async () => {
    const capabilities = RAW_CAPABILITIES | CAPABILITY.CONNECT_WITH_DB;
    const text = (await client.logIn(TOKEN, { capabilities, database: "no_such_schema" }))?.toString("utf8") ?? "";
    expect(text).toContain("no_such_schema");
    expect(text).not.toContain("'test'");
  });

  it("resumes TLS sessions", async () => {
    await client.greeting();
    const first = await client.startTls();
    const session = await new Promise<Buffer>((resolve) => first.once("session", resolve));
    const socket = connect({ host: "127.0.0.1", port: gateway.port });
    await new Promise((resolve) => socket.once("data", resolve));
    socket.write(
      writeFrame(writeSslRequest({ capabilities: RAW_CAPABILITIES | CAPABILITY.SSL, maxPacket: 1, collation: 45 }), 1),
    );
    const second = connectTls({ socket, rejectUnauthorized: false, session });
    await new Promise((resolve) => second.once("secureConnect", resolve));
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
  });

  it("refuses a session beyond the connection's limit, and takes the next one when one has ended", async () => {
    gateway.settings.limits = { max_sessions: 1 };
    try {
      const options = clientOptions(gateway);
      await vi.waitFor(() => expect(gateway.registry.size).toBe(0), 20_000);
      const one = await mysql.createConnection(options);
      await expect(mysql.createConnection(options)).rejects.toMatchObject({ errno: 1226 });
      await one.end();
      await vi.waitFor(() => expect(gateway.registry.size).toBe(0), 20_000);
      const next = await mysql.createConnection(options);
      await next.end();
    } finally {
      gateway.settings.limits = {};
    }
  });
});
