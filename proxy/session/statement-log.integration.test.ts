import mysql from "mysql2/promise";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { askText } from "@/e2e/support/raw-answer";
import { RawClient } from "@/e2e/support/raw-client";
import { answering, startScriptedUpstream } from "@/e2e/support/scripted-upstream";
import { createTestDatabase, type TestDatabase, testServer } from "@/e2e/support/store";
import { TcpProxy } from "@/e2e/support/tcp-proxy";
import { type GatewayUnderTest, startGateway, TOKEN } from "@/e2e/support/wire-gateway";
import { COMMAND } from "../protocol/constants";
import { writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";

const text = (sql: string) => Buffer.concat([Buffer.of(COMMAND.QUERY), Buffer.from(sql)]);

describe("the record of a statement", () => {
  let database: TestDatabase;
  let gateway: GatewayUnderTest;
  let admin: mysql.Connection;
  let way: TcpProxy;

  beforeAll(async () => {
    const server = testServer();
    database = await createTestDatabase();
    admin = await mysql.createConnection({ ...server, database: database.name });
    await admin.query("CREATE TABLE t (id INT PRIMARY KEY)");
    way = new TcpProxy(server.port);
    await way.start();
    gateway = await startGateway({
      schema: database.name,
      upstream: { ...server, host: "127.0.0.1", port: way.port, tls: "disabled", ca: null },
    });
    await vi.waitFor(() => expect(gateway.catalogues.oldestAgeMs).not.toBeNull(), 20_000);
  });
  afterAll(async () => {
    await admin.end();
    await gateway.close();
    await way.stop();
    await database.drop();
  });
  beforeEach(() => {
    gateway.settings.limits = {};
    const { statements, began, ended, ends, audits } = gateway.observed;
    for (const list of [statements, began, ended, ends, audits]) list.length = 0;
  });

  async function logIn(): Promise<RawClient> {
    const client = await RawClient.connect(gateway.port);
    onTestFinished(() => client.destroy());
    await client.logIn(TOKEN);
    client.keep();
    return client;
  }
  const over = () => vi.waitFor(() => expect(gateway.observed.ends).toHaveLength(1), { timeout: 10_000 });
  const sleeping = async () => {
    await vi.waitFor(async () => {
      const [rows] = await admin.query(
        "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(%'",
      );
      expect(rows).toHaveLength(1);
    }, 20_000);
  };

  /** Each statement that began has ended once, in the same order, and each has a number of its own. */
  function expectWhole(): void {
    const { began, ended, statements, ends } = gateway.observed;
    expect(ended.map(({ id }) => id)).toEqual(began.map(({ id }) => id));
    expect(statements.map(({ sequence }) => sequence)).toEqual(statements.map((_, at) => at + 1));
    expect(new Set(statements.map(({ id }) => id)).size).toBe(statements.length);
    for (const end of ends) expect(end.statementCount).toBe(statements.length);
  }

  it("counts refusals that there is no room to record apart, in the event of the session's end too", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1 FROM t");
    Object.assign(gateway.settings, { accepts: false, keepsRefusals: false });
    onTestFinished(() => void Object.assign(gateway.settings, { accepts: true, keepsRefusals: true }));
    for (let at = 0; at < 3; at += 1) await askText(client, "SELECT 2 FROM t");
    Object.assign(gateway.settings, { accepts: true, keepsRefusals: true });
    await askText(client, "SELECT 3 FROM t");
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await over();
    expectWhole();
    expect(gateway.observed.statements).toHaveLength(2);
    const ended = gateway.observed.audits.find(({ action }) => action === "session.ended");
    expect(ended?.detail).toMatchObject({ statementCount: 2, errorCount: 0, unrecordedCount: 3 });
  });

  it("is there before the upstream sees anything of the statement, and says how long it waited", async () => {
    const seen: (readonly [string, readonly string[]])[] = [];
    const script = answering(writeFrame(simpleOk(2), 1));
    const upstream = await startScriptedUpstream((turn, received, socket) => {
      if (received.includes("DO 1 +"))
        seen.push([received.toString("latin1"), scripted.observed.began.map(({ id }) => id)]);
      return script(turn, received, socket);
    });
    const scripted: GatewayUnderTest = await startGateway({
      upstream: { ...testServer(), host: "127.0.0.1", port: upstream.port, tls: "disabled", ca: null },
      changeRuling: (ruling, sql) =>
        sql.startsWith("DO") ? { ...FORWARD, note: true, decision: ruling.decision } : ruling,
    });
    onTestFinished(async () => {
      await scripted.close();
      await upstream.close();
    });
    const client = await RawClient.connect(scripted.port);
    await client.logIn(TOKEN);
    for (const at of [1, 2, 3]) await client.command(COMMAND.QUERY, `DO 1 + ${at}`);
    expect(seen).toHaveLength(3);
    for (const [at, [received, began]] of seen.entries()) {
      expect(began).toHaveLength(at + 1);
      expect(received).toContain(`/* sallyport ${began.at(-1)} */`);
    }
    for (const { waitedUs } of scripted.observed.began) expect(waitedUs).toBeGreaterThan(0);
    client.destroy();
  });

  it("comes in two parts for what goes upstream, and in one for what does not", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1");
    await askText(client, "SELEC 2");
    await askText(client, "SELECT 3 FROM");
    await askText(client, "SELECT id FROM t");
    await client.command(COMMAND.QUERY, "KILL QUERY CONNECTION_ID()");
    await client.command(COMMAND.QUERY, "KILL 4711");
    await client.command(COMMAND.INIT_DB, database.name);
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await over();
    expectWhole();
    const { statements, began } = gateway.observed;
    expect(statements).toHaveLength(7);
    expect(began.map(({ sql }) => sql)).toEqual(["SELECT 1", "SELECT id FROM t", "KILL 4711", database.name]);
    for (const { waitedUs, id } of statements) {
      expect(waitedUs != null).toBe(began.some((one) => one.id === id));
    }
  });

  it("of a KILL is written before another session feels it, here or in another process", async () => {
    const [victim, killer] = [await logIn(), await logIn()];
    const seen: unknown[] = [];
    const look = () => {
      const { began, ended } = gateway.observed;
      seen.push([began.at(-1)?.sql, ended.length, gateway.accept.turn?.holds]);
    };
    gateway.settings.killElsewhere = async () => {
      look();
      return true;
    };
    onTestFinished(() => void Object.assign(gateway.settings, { killElsewhere: async () => false }));
    await killer.command(COMMAND.QUERY, "KILL 4711");
    const target = [...gateway.registry.sessions()][0];
    if (target === undefined) throw new Error("no session");
    vi.spyOn(target, "terminate").mockImplementation(look);
    await killer.command(COMMAND.QUERY, `KILL ${target.wireId}`);
    expect(seen).toEqual([
      ["KILL 4711", 0, false],
      [`KILL ${target.wireId}`, 1, false],
    ]);
    expect(gateway.observed.ended).toMatchObject([{ errorNumber: null }, { errorNumber: null }]);
    vi.restoreAllMocks();
    for (const client of [victim, killer]) client.destroy();
    await vi.waitFor(() => expect(gateway.observed.ends).toHaveLength(2));
  });

  it("that cannot be written keeps a KILL from being carried out", async () => {
    const client = await logIn();
    const killElsewhere = vi.fn(async () => true);
    Object.assign(gateway.settings, { killElsewhere, writes: false });
    onTestFinished(() => void Object.assign(gateway.settings, { killElsewhere: async () => false, writes: true }));
    client.sequence = 0;
    client.send(text("KILL 4711"));
    await over();
    expect(gateway.observed.ended).toMatchObject([{ errorNumber: 1105 }]);
    expect(killElsewhere).not.toHaveBeenCalled();
  });

  it.each([
    ["killed", () => gateway.registry.byIdentity("AGENT".padEnd(26, "0"))[0]?.terminate("killed")],
    ["interrupted", () => gateway.registry.byIdentity("AGENT".padEnd(26, "0"))[0]?.killStatement()],
    ["drained", () => gateway.registry.byIdentity("AGENT".padEnd(26, "0"))[0]?.terminate("drained")],
  ])("ends once when its session is %s while it runs", async (_how, act) => {
    const client = await logIn();
    await askText(client, "SELECT 1");
    client.sequence = 0;
    client.send(text("SELECT SLEEP(30)"));
    await sleeping();
    await act();
    await vi.waitFor(() => expect(gateway.observed.ended).toHaveLength(2), 20_000);
    client.destroy();
    await over();
    expectWhole();
  });

  it("ends once when the upstream dies while it runs", async () => {
    const client = await logIn();
    client.sequence = 0;
    client.send(text("SELECT SLEEP(30)"));
    await sleeping();
    await way.stop();
    await over();
    await way.start();
    expectWhole();
    expect(gateway.observed.ended).toMatchObject([{ errorNumber: 1105 }]);
  });

  it("ends once when the client leaves in the middle of its result", async () => {
    const client = await logIn();
    client.pause();
    client.sequence = 0;
    client.send(text("SELECT REPEAT('x', 1000) FROM information_schema.columns a JOIN information_schema.columns b"));
    await vi.waitFor(() => expect(gateway.observed.began).toHaveLength(1), 20_000);
    client.destroy();
    await over();
    expectWhole();
    expect(gateway.observed.ended).toHaveLength(1);
  });

  it("ends once when a limit cuts its result, and when it runs out of time", async () => {
    gateway.settings.limits = { max_rows: 1, max_seconds: 0.3 };
    const client = await logIn();
    await askText(client, "SELECT 1 UNION SELECT 2");
    await askText(client, "SELECT SLEEP(30)");
    await askText(client, "SELECT 3");
    client.destroy();
    await over();
    expectWhole();
    expect(gateway.observed.ended.map(({ errorNumber }) => errorNumber)).toEqual([1226, 1226, null]);
  });

  it("is counted in the event of its session's end, so that the chain proves how many there were", async () => {
    const client = await logIn();
    await askText(client, "SELECT 1");
    await askText(client, "SELEC 2");
    client.sequence = 0;
    client.send(Buffer.of(COMMAND.QUIT));
    await over();
    await client.gone();
    // The OK of the login counts.
    const bytesOut = 11 + client.kept.length;
    expect(gateway.observed.audits.find(({ action }) => action === "session.ended")?.detail).toEqual({
      session: gateway.observed.ends[0]?.id,
      reason: "client_quit",
      statementCount: 2,
      errorCount: 1,
      bytesIn: expect.any(Number),
      bytesOut,
    });
  });
});

const FORWARD = {
  kind: "forward",
  text: null,
  bound: null,
  effects: [],
  changesCatalogue: false,
  result: null,
  readsWarnings: false,
  clearsWarnings: false,
  account: null,
  use: null,
  prepared: null,
} as const;
