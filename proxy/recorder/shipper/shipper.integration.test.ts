import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { build } from "esbuild";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { checkChain } from "@/e2e/support/check-chain";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import {
  frameBytes,
  frameRecord,
  inTwo,
  prepareStore,
  record,
  sessionStart,
  someAudit,
  statementRow,
  TestSpool,
} from "@/e2e/support/test-spool";
import { signerFrom } from "@/lib/chain/signer";
import { openStore } from "@/lib/db/client";
import { migrate } from "@/lib/db/migrate";
import {
  auditEvents,
  chainBatches,
  gateways,
  recordChains,
  recordingChunks,
  sessions,
  statements,
} from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { freePort, startMariadb } from "@/scripts/mariadb.mjs";
import { claimSpool } from "./abandoned";
import { Shipper, type ShipperOptions } from "./shipper";
import { ShipperThread } from "./shipper-thread";

const WAIT = { timeout: 20_000, interval: 20 };
const log = pino({ level: "silent" });
const KEY = Buffer.alloc(32, 7);
const signer = signerFrom(KEY);

let store: TestStore;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

function shipperOf(spool: TestSpool, changes: Partial<ShipperOptions> = {}): Shipper {
  return new Shipper({
    ...{ store, signer, log, root: spool.root, directory: spool.directory, gatewayId: spool.gatewayId },
    ...{ name: `gateway ${spool.gatewayId}`, position: spool.position, paceMs: 10, adoptEveryMs: 20, ...changes },
  });
}

async function newSpool(root?: string): Promise<{ spool: TestSpool; identityId: string }> {
  const { gatewayId, identityId } = await prepareStore(store.db);
  return { spool: new TestSpool(gatewayId, root), identityId };
}

describe("the shipper", () => {
  it("brings records within moments, and at the end closes the chain and removes the spool", async () => {
    const { spool } = await newSpool();
    const shipper = shipperOf(spool);
    const event = someAudit("soon");
    spool.write([record("audit", event)]);
    const stored = () => store.db.select().from(auditEvents).where(eq(auditEvents.id, event.id));
    await vi.waitFor(async () => expect(await stored()).toHaveLength(1), WAIT);
    const last = someAudit("last");
    spool.write([record("audit", last)]);
    expect(await shipper.close(10_000)).toBe(true);
    const chain = await checkChain(store.db, signer, spool.gatewayId);
    expect(chain).toMatchObject({ problems: [], items: [event.id, last.id], final: true });
    expect(existsSync(spool.directory)).toBe(false);
    expect(shipper.state).toMatchObject({ sequence: 2, failingSince: null, leftOut: 0 });
    spool.remove();
  });

  it("adopts the spool of a gateway that died once, whichever gateway finds it, and says what became of it", async () => {
    const first = await newSpool();
    const { root } = first.spool;
    const second = await newSpool(root);
    const dead = await newSpool(root);
    const session = sessionStart(dead.identityId);
    const [done, open] = [statementRow(session, 1), statementRow(session, 2)];
    const [openBegan] = inTwo(open);
    dead.spool.write([record("session_start", session), ...inTwo(done), openBegan]);
    dead.spool.write([frameRecord(session.id, frameBytes("request", open.id, 3, Buffer.from("SELECT")))]);
    dead.spool.die();
    const shippers = [shipperOf(first.spool), shipperOf(second.spool)];
    const ended = () => store.db.select().from(recordChains).where(eq(recordChains.id, dead.spool.gatewayId));
    await vi.waitFor(async () => expect((await ended())[0]?.endedAt).toBeInstanceOf(Date), WAIT);
    await vi.waitFor(() => expect(readdirSync(root)).toHaveLength(2), WAIT);
    await vi.waitFor(() => expect(shippers.reduce((sum, one) => sum + one.state.adopted, 0)).toBe(1), WAIT);
    const rows = await store.db.select().from(statements).where(eq(statements.sessionId, session.id));
    expect(rows.map((row) => [row.id, row.state]).sort()).toEqual([
      [done.id, "done"],
      [open.id, "unknown"],
    ]);
    const [chunk] = await store.db.select().from(recordingChunks).where(eq(recordingChunks.sessionId, session.id));
    const [cut] = await store.db.select().from(sessions).where(eq(sessions.id, session.id));
    expect(cut).toMatchObject({ endReason: "cut", statementCount: 2 });
    const events = await store.db.select().from(auditEvents).where(eq(auditEvents.objectId, dead.spool.gatewayId));
    const recovered = events.find((event) => event.action === "spool.recovered");
    expect(recovered?.detail).toMatchObject({ records: 5, unknownStatements: 1, tornBytes: 0 });
    expect(events.map((event) => event.action).sort()).toEqual(["gateway.lost", "spool.recovered"]);
    const chain = await checkChain(store.db, signer, dead.spool.gatewayId);
    expect(chain).toMatchObject({ problems: [], final: true });
    expect([...chain.items].sort()).toEqual([done.id, open.id, chunk?.id, recovered?.id].sort());
    expect(chain.batches.at(-1)?.note).toMatch(/^the gateway died; its spool was recovered by gateway /);
    const [gateway] = await store.db.select().from(gateways).where(eq(gateways.id, dead.spool.gatewayId));
    expect(gateway?.stoppedAt).toBeInstanceOf(Date);
    await Promise.all(shippers.map((one) => one.close(10_000)));
    first.spool.remove();
  });

  it("goes on with a spool whose adopter died too", async () => {
    const first = await newSpool();
    const dead = await newSpool(first.spool.root);
    const event = someAudit("twice orphaned");
    dead.spool.write([record("audit", event)]);
    dead.spool.die(true);
    const shipper = shipperOf(first.spool);
    await vi.waitFor(() => expect(shipper.state.adopted).toBe(1), WAIT);
    expect((await checkChain(store.db, signer, dead.spool.gatewayId)).items).toContain(event.id);
    await shipper.close(10_000);
    first.spool.remove();
  });

  it("goes on with a spool that an earlier thread of its gateway has claimed", async () => {
    const first = await newSpool();
    const dead = await newSpool(first.spool.root);
    dead.spool.write([record("audit", someAudit("half way"))]);
    dead.spool.die();
    const abandoned = { gatewayId: dead.spool.gatewayId, directory: dead.spool.directory };
    expect(claimSpool(abandoned, first.spool.gatewayId)).toBe(true);
    expect(claimSpool(abandoned, newId())).toBe(false);
    const shipper = shipperOf(first.spool);
    await vi.waitFor(() => expect(shipper.state.adopted).toBe(1), WAIT);
    await shipper.close(10_000);
    first.spool.remove();
  });

  it("takes the spools of the dead also beside some that can not be read", async () => {
    const first = await newSpool();
    const unreadable = Array.from({ length: 8 }, () => new TestSpool(newId(), first.spool.root));
    const dead = await newSpool(first.spool.root);
    dead.spool.write([record("audit", someAudit("among strange ones"))]);
    for (const spool of unreadable) mkdirSync(join(spool.directory, "00000001.log"));
    for (const spool of [...unreadable, dead.spool]) spool.die();
    const shipper = shipperOf(first.spool);
    await vi.waitFor(() => expect(shipper.state.adopted).toBe(1), WAIT);
    await shipper.close(10_000);
    first.spool.remove();
  });

  it("says that it lives in the spool it adopted, also while the store is away", async () => {
    const first = await newSpool();
    const dead = await newSpool(first.spool.root);
    dead.spool.die();
    const nowhere = openStore(`mysql://test:test@127.0.0.1:${await freePort()}/s`);
    const shipper = shipperOf(first.spool, { store: nowhere, ownerBeatMs: 20 });
    const owner = join(dead.spool.directory, "owner-2.json");
    await vi.waitFor(() => expect(existsSync(owner)).toBe(true), WAIT);
    const before = new Date(Date.now() - 120_000);
    utimesSync(owner, before, before);
    await vi.waitFor(() => expect(statSync(owner).mtimeMs).toBeGreaterThan(Date.now() - 60_000), WAIT);
    await shipper.close(0);
    await nowhere.close();
    first.spool.remove();
  });

  it("leaves the spool of a gateway that lives alone", async () => {
    const first = await newSpool();
    const alive = await newSpool(first.spool.root);
    alive.spool.write([record("audit", someAudit("mine"))]);
    const dead = await newSpool(first.spool.root);
    dead.spool.die();
    const shipper = shipperOf(first.spool);
    // One that never wrote anything leaves no chain.
    await vi.waitFor(() => expect(existsSync(dead.spool.directory)).toBe(false), WAIT);
    expect(await store.db.select().from(recordChains).where(eq(recordChains.id, dead.spool.gatewayId))).toEqual([]);
    expect(existsSync(alive.spool.directory)).toBe(true);
    expect(await store.db.select().from(recordChains).where(eq(recordChains.id, alive.spool.gatewayId))).toEqual([]);
    await shipper.close(10_000);
    first.spool.remove();
  });

  it("writes nothing to a chain that somebody changed, says so once, and goes on when it is as it was left", async () => {
    const { spool } = await newSpool();
    const shipper = shipperOf(spool);
    const change = (headNumber: number) =>
      store.db.update(recordChains).set({ headNumber }).where(eq(recordChains.id, spool.gatewayId));
    await vi.waitFor(() => expect(shipper.state.failingSince).toBeNull(), WAIT);
    const head = async () =>
      (await store.db.select().from(recordChains).where(eq(recordChains.id, spool.gatewayId)))[0]?.headNumber;
    await vi.waitFor(async () => expect(await head()).toBe(1), WAIT);
    await change(7);
    spool.write([record("audit", someAudit("kept back"))]);
    const accused = () => store.db.select().from(auditEvents).where(eq(auditEvents.objectId, spool.gatewayId));
    await vi.waitFor(async () => expect(await accused()).toMatchObject([{ result: "failed" }]), WAIT);
    const batches = await store.db.select().from(chainBatches).where(eq(chainBatches.chainId, spool.gatewayId));
    expect(batches).toHaveLength(1);
    await change(1);
    await vi.waitFor(async () => expect(await head()).toBe(2), WAIT);
    expect(await accused()).toHaveLength(1);
    await shipper.close(10_000);
    expect((await checkChain(store.db, signer, spool.gatewayId)).problems).toEqual([]);
    spool.remove();
  });

  it("brings 100,000 statements, each once, and tells how fast", async () => {
    const { spool, identityId } = await newSpool();
    const session = sessionStart(identityId);
    spool.write([record("session_start", session)]);
    for (let n = 1; n <= 100_000; n += 50) {
      spool.write(Array.from({ length: 50 }, (_, k) => inTwo(statementRow(session, n + k))).flat());
    }
    const [began, cpu] = [performance.now(), process.cpuUsage()];
    const shipper = shipperOf(spool);
    await vi.waitFor(() => expect(shipper.state.sequence).toBe(200_001), { timeout: 50_000, interval: 20 });
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    process.stdout.write(
      `shipped ${Math.round(200_001 / seconds)} records/s, ${((user + system) / 100_000).toFixed(1)} us of CPU per statement\n`,
    );
    await shipper.close(30_000);
    const found = await store.db
      .select({ sequence: statements.sequence })
      .from(statements)
      .where(eq(statements.sessionId, session.id));
    expect(found).toHaveLength(100_000);
    expect(new Set(found.map((one) => one.sequence)).size).toBe(100_000);
    spool.remove();
  });
});

describe("the shipper while the store is away", () => {
  it("says so, loses nothing, and catches up when the store is back", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "sallyport-shipper-db-"));
    const port = await freePort();
    const options = {
      dataDir,
      port,
      initSql:
        "CREATE DATABASE IF NOT EXISTS s; \nCREATE USER IF NOT EXISTS 'test'@'127.0.0.1' IDENTIFIED BY 'test';\nGRANT ALL ON *.* TO 'test'@'127.0.0.1';",
    };
    let server = await startMariadb(options);
    const url = `mysql://test:test@127.0.0.1:${port}/s`;
    await migrate(url, join(import.meta.dirname, "../../../drizzle"));
    const away = openStore(url);
    try {
      const { gatewayId, identityId } = await prepareStore(away.db);
      const spool = new TestSpool(gatewayId);
      const shipper = shipperOf(spool, { store: away });
      const session = sessionStart(identityId);
      const ids: string[] = [];
      const write = (n: number) => {
        const row = statementRow(session, n);
        ids.push(row.id);
        spool.write([...inTwo(row)]);
      };
      spool.write([record("session_start", session)]);
      write(1);
      await vi.waitFor(() => expect(shipper.state.sequence).toBe(3), WAIT);
      await server.stop();
      for (let n = 2; n <= 200; n += 1) write(n);
      await vi.waitFor(() => expect(shipper.state.failingSince).not.toBeNull(), WAIT);
      expect(shipper.state.sequence).toBe(3);
      server = await startMariadb(options);
      await vi.waitFor(() => expect(shipper.state.sequence).toBe(401), WAIT);
      expect(shipper.state.failingSince).toBeNull();
      expect(await shipper.close(10_000)).toBe(true);
      expect(await checkChain(away.db, signer, gatewayId)).toMatchObject({ problems: [], items: ids, final: true });
      spool.remove();
    } finally {
      await away.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it("leaves the spool for the next start when the store does not come back in time", async () => {
    const { gatewayId } = await prepareStore(store.db);
    const spool = new TestSpool(gatewayId);
    const nowhere = openStore(`mysql://test:test@127.0.0.1:${await freePort()}/s`);
    const shipper = shipperOf(spool, { store: nowhere });
    const event = someAudit("later");
    spool.write([record("audit", event)]);
    expect(await shipper.close(300)).toBe(false);
    await nowhere.close();
    expect(existsSync(spool.directory)).toBe(true);
    spool.die();
    const next = await newSpool(spool.root);
    const adopter = shipperOf(next.spool);
    await vi.waitFor(() => expect(adopter.state.adopted).toBe(1), WAIT);
    expect((await checkChain(store.db, signer, gatewayId)).items).toContain(event.id);
    await adopter.close(10_000);
    spool.remove();
  });
});

describe("the shipper's thread", () => {
  it("ships beside the main thread, is started again when it dies, and closes when told to", async () => {
    const { spool } = await newSpool();
    // Inside the working tree, so that its packages are found.
    const outfile = join(import.meta.dirname, `../../../dist/test-shipper-${spool.gatewayId}.mjs`);
    await build({
      entryPoints: [join(import.meta.dirname, "thread.ts")],
      ...{ outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "silent" },
      alias: { "@": join(import.meta.dirname, "../../..") },
    });
    const settings = {
      ...{ databaseUrl: store.url, masterKey: KEY, gatewayId: spool.gatewayId, name: "gateway t", root: spool.root },
      ...{ directory: spool.directory, position: spool.position.buffer, logLevel: "silent" },
    };
    const thread = new ShipperThread(settings, log, new URL(`file://${outfile}`));
    try {
      const events = [someAudit("1"), someAudit("2"), someAudit("3")];
      const write = (event: (typeof events)[number]) => spool.write([record("audit", event)]);
      const [one, two, three] = events;
      if (one === undefined || two === undefined || three === undefined) throw new Error("three events");
      write(one);
      expect(thread.waitingRecords).toBe(1);
      expect(thread.waitingBytes).toBeGreaterThan(0);
      await vi.waitFor(() => expect(thread.waitingRecords).toBe(0), WAIT);
      expect(thread.waitingBytes).toBe(0);
      await thread.kill();
      write(two);
      await vi.waitFor(() => expect(thread.state.failingSince).not.toBeNull(), WAIT);
      await vi.waitFor(() => expect(thread.waitingRecords).toBe(0), WAIT);
      write(three);
      expect(await thread.close(10_000)).toBe(true);
      const chain = await checkChain(store.db, signer, spool.gatewayId);
      expect(chain).toMatchObject({ problems: [], items: events.map((event) => event.id), final: true });
      expect(existsSync(spool.directory)).toBe(false);
    } finally {
      rmSync(outfile, { force: true });
      spool.remove();
    }
  });
});
