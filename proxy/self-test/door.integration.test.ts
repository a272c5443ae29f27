import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import mysql from "mysql2/promise";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { CONNECTION_ID, clientOptions, type GatewayUnderTest, startGateway } from "@/e2e/support/wire-gateway";
import { SallyportError } from "@/lib/errors/error";
import { policy } from "@/lib/policy/rule";
import type { LoginGrant } from "../session/ports";
import { type Door, openDoor, removeOldDoors } from "./door";

const MARKED = { id: "MARKED".padEnd(26, "0"), name: "Self-test of shop" };

describe("the door of a self-test", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let folder: string;
  let door: Door;
  let refusal: SallyportError | null;
  let isPure: boolean;
  let ids: string[];
  let limits: LoginGrant["connection"]["limits"];

  beforeAll(async () => {
    database = await createTestDatabase();
    const admin = await mysql.createConnection({ ...testServer(), database: database.name });
    await admin.query("CREATE TABLE t (id INT PRIMARY KEY)");
    await admin.query("INSERT INTO t VALUES (1)");
    await admin.end();
    gateway = await startGateway({
      schema: database.name,
      policies: [
        policy.parse({
          name: "all",
          identities: [],
          rules: [{ name: "all", effect: "allow", statements: ["read", "write"], tables: ["*.*"] }],
        }),
      ],
    });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await gateway.close();
    await database.drop();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "sp-"));
    refusal = null;
    isPure = true;
    ids = [];
    limits = {};
    door = await openDoor({
      folder,
      accept: gateway.accept,
      grant: () => {
        if (refusal !== null) throw refusal;
        return grant();
      },
      isPureRead: () => isPure,
      onStatement: (id) => ids.push(id),
    });
  });
  afterEach(async () => {
    await door.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function grant(): LoginGrant {
    const { upstream, recording } = gateway.settings;
    const facts = { subject: "", clientId: "agent", email: null, groups: [], upstreamKey: "test" };
    const connection = { id: CONNECTION_ID, name: "shop", schema: database.name, limits, recording };
    return {
      identity: MARKED,
      facts,
      connection: { ...connection, upstream, restricted: null },
      tokenExpiresAt: new Date(Date.now() + 60_000),
    };
  }
  const through = (password: string) => mysql.createConnection({ socketPath: door.path, user: "shop", password });

  it("lets the marked identity in by a secret, and records its statements under it", async () => {
    const client = await through(door.secret());
    expect((await client.query("SELECT id FROM t"))[0]).toEqual([{ id: 1 }]);
    await client.end();
    const start = gateway.observed.starts.at(-1);
    expect(start).toMatchObject({ identityId: MARKED.id, clientAddress: "self-test", tlsVersion: "none" });
    const statement = gateway.observed.statements.at(-1);
    expect(statement).toMatchObject({ identityId: MARKED.id, sql: "SELECT id FROM t" });
    expect(ids).toEqual([statement?.id]);
  });

  it("takes a secret once", async () => {
    const secret = door.secret();
    const client = await through(secret);
    await expect(through(secret)).rejects.toMatchObject({ errno: 1045 });
    expect((await client.query("SELECT 1 AS on_"))[0]).toEqual([{ on_: 1 }]);
    await client.end();
  });

  it("takes no other secret, and none that another one has followed", async () => {
    const before = door.secret();
    door.secret();
    await expect(through(before)).rejects.toMatchObject({ errno: 1045 });
    await expect(through("guess")).rejects.toMatchObject({ errno: 1045 });
    await expect(through("")).rejects.toMatchObject({ errno: 1045 });
  });

  it("is void after a wrong guess: nobody can try twice", async () => {
    const secret = door.secret();
    await expect(through("guess")).rejects.toMatchObject({ errno: 1045 });
    await expect(through(secret)).rejects.toMatchObject({ errno: 1045 });
  });

  it("takes no token of the gateway's clients, and its secrets open nothing at the gateway's address", async () => {
    door.secret();
    await expect(through(clientOptions(gateway).password)).rejects.toMatchObject({ errno: 1045 });
    await expect(mysql.createConnection(clientOptions(gateway, door.secret()))).rejects.toMatchObject({ errno: 1045 });
  });

  it("is a socket that only the gateway's account can reach", () => {
    expect(statSync(dirname(door.path)).mode & 0o777).toBe(0o700);
    expect(statSync(door.path).isSocket()).toBe(true);
  });

  it("asks at each login whether the identity may", async () => {
    refusal = new SallyportError("LOGIN_REFUSED", "The identity is suspended", { next: "Reactivate it" });
    await expect(through(door.secret())).rejects.toThrow(/is suspended/);
    refusal = null;
    await (await through(door.secret())).end();
  });

  it("keeps the connection's limits", async () => {
    limits = { statements_per_minute: 2, max_sessions: 1 };
    const client = await through(door.secret());
    await expect(through(door.secret())).rejects.toThrow(/LIMIT_EXCEEDED/);
    await client.query("SELECT 1");
    await client.query("SELECT 1");
    await expect(client.query("SELECT 1")).rejects.toThrow(/More than 2 statements in a minute/);
    await client.end();
  });

  it("sends nothing upstream that could do more than read, whatever the rules say", async () => {
    isPure = false;
    const client = await through(door.secret());
    await expect(client.query("INSERT INTO t VALUES (2)")).rejects.toThrow(
      /sends nothing that could do more than read/,
    );
    await expect(client.execute("DELETE FROM t")).rejects.toThrow(/sends nothing that could do more than read/);
    await expect(client.changeUser({ database: "mysql" })).rejects.toThrow();
    client.destroy();
    const admin = await mysql.createConnection({ ...testServer(), database: database.name });
    expect((await admin.query("SELECT id FROM t"))[0]).toEqual([{ id: 1 }]);
    await admin.end();
  });

  it("asks nobody for an approval, and takes none, even of a rule that was published after the statement was foreseen", async () => {
    const { policies, approvalStore } = gateway.settings;
    onTestFinished(() => {
      Object.assign(gateway.settings, { policies, approvalStore });
      gateway.publish();
    });
    const people = { take: vi.fn(approvalStore.take), request: vi.fn(async () => "A".repeat(26)) };
    gateway.settings.approvalStore = { ...approvalStore, ...people };
    const client = await through(door.secret());
    const prepared = await client.prepare("SELECT id FROM t WHERE id > ?");
    gateway.settings.policies = [
      policy.parse({
        name: "all",
        identities: [],
        rules: [{ name: "ask", effect: "review", statements: ["read", "write"], tables: ["*.*"] }],
      }),
    ];
    gateway.publish();
    const unasked = /APPROVAL_PENDING.*rule=ask/;
    await expect(client.query("SELECT id FROM t")).rejects.toThrow(unasked);
    await expect(client.query("DELETE FROM t")).rejects.toThrow(unasked);
    await expect(prepared.execute([0])).rejects.toThrow(unasked);
    expect(gateway.observed.statements.at(-1)).toMatchObject({ effect: "review", ruleName: "ask", approvalId: null });
    expect(people.take).not.toHaveBeenCalled();
    expect(people.request).not.toHaveBeenCalled();
    await client.end();
  });

  it("is gone when it is closed, with its sessions", async () => {
    const client = await through(door.secret());
    client.on("error", () => undefined);
    const secret = door.secret();
    await door.close();
    expect(existsSync(door.path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
    await expect(through(secret)).rejects.toThrow(/ENOENT/);
    await expect(client.query("SELECT 1")).rejects.toThrow();
    await vi.waitFor(() => expect([...gateway.registry.byIdentity(MARKED.id)]).toEqual([]), 20_000);
  });

  it("leaves nothing behind for long when the gateway is killed: the next one removes it", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    for (const name of [`${pid}-dead`, `${process.pid}-mine`, `${process.ppid}-alive`, "other"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "door.sock"), "");
    }
    removeOldDoors(folder);
    expect(readdirSync(folder).sort()).toEqual([`${process.ppid}-alive`, "other"].sort());
    removeOldDoors(join(folder, "not there"));
  });

  it("opens where the path is too long for a socket, or says so where the system has no other name for it", async () => {
    const long = join(folder, "x".repeat(120));
    const options = { accept: gateway.accept, grant, isPureRead: () => true, onStatement: () => undefined };
    const opened = openDoor({ ...options, folder: long });
    if (existsSync("/proc/self/fd")) {
      const far = await opened;
      const [name = ""] = readdirSync(long);
      expect(statSync(join(long, name)).mode & 0o777).toBe(0o700);
      const client = await mysql.createConnection({ socketPath: far.path, user: "shop", password: far.secret() });
      expect((await client.query("SELECT id FROM t"))[0]).toEqual([{ id: 1 }]);
      await client.end();
      await far.close();
      expect(existsSync(far.path)).toBe(false);
    } else {
      await expect(opened).rejects.toMatchObject({ code: "UNAVAILABLE" });
    }
    expect(readdirSync(long)).toEqual([]);
  });
});
