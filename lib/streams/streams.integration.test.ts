import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { and, eq, gt, lte, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { EventReceiver, linesOf } from "@/e2e/support/event-receiver";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { auditRow, recordAudit } from "@/lib/audit/record";
import type { ChainHead } from "@/lib/chain/append";
import { appendBatch, openChain } from "@/lib/chain/append";
import { auditDigest } from "@/lib/chain/digest";
import { processChain } from "@/lib/chain/process-chain";
import { signerFrom } from "@/lib/chain/signer";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, eventStreamCursors, eventStreams } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { sendWebhook } from "@/lib/notifications/send/post";
import { signatureOf } from "@/lib/notifications/signature";
import { createStream } from "./create-stream";
import type { StreamParts } from "./deliver";
import { ensureFileStream } from "./file-stream";
import { getStream, listStreams } from "./list-streams";
import { MAX_BYTES, MAX_EVENTS } from "./message";
import { removeStream } from "./remove-stream";
import { appendFile } from "./send/append-file";
import { sendDue, startStreams } from "./send-due";
import { testStream } from "./test-stream";
import { updateStream } from "./update-stream";

const MASTER = Buffer.alloc(32, 7);
const signer = signerFrom(MASTER);
const WAIT = { timeout: 20_000, interval: 20 };

describe("event streams", () => {
  let store: TestStore;
  let ada: Ctx;
  let receiver: EventReceiver;
  let dir: string;
  beforeAll(() => vi.stubEnv("SALLYPORT_MASTER_KEY", MASTER.toString("base64")));
  afterAll(() => vi.unstubAllEnvs());
  beforeEach(async () => {
    store = await createTestStore();
    ada = ctxOf(store.db, "admin");
    receiver = new EventReceiver();
    dir = mkdtempSync(join(tmpdir(), "sallyport-streams-"));
    await receiver.start();
  });
  afterEach(async () => {
    await receiver.stop();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const parts = (changes: Partial<StreamParts> = {}): StreamParts => ({
    send: (request) => sendWebhook({ ...request, timeoutMs: 2_000 }),
    file: null,
    append: appendFile,
    random: () => 0.5,
    ...changes,
  });
  const make = (changes = {}) =>
    createStream(ada, { name: "siem", url: receiver.url, statements: false, start: "beginning", ...changes });
  /** The pause after a failure is over. */
  const comeDue = () => store.db.update(eventStreams).set({ nextAttemptAt: sql`UTC_TIMESTAMP(3)` });

  /** A chain that grows by batches of so many events; the ids in order. */
  async function chain() {
    let head: ChainHead = await openChain(store.db, signer, newId(), "console", "a console");
    const ids: string[] = [];
    return {
      id: head.chainId,
      ids,
      grow: async (sizes: readonly number[], message = "a message") => {
        for (const size of sizes) {
          await store.db.transaction(async (tx) => {
            const rows = Array.from({ length: size }, () =>
              auditRow({ kind: "system", name: "test" }, { action: "console.signed_in", message }),
            );
            for (let at = 0; at < rows.length; at += 200) await tx.insert(auditEvents).values(rows.slice(at, at + 200));
            const items = [];
            for (const row of rows) {
              const [stored] =
                size > 100 ? [row] : await tx.select().from(auditEvents).where(eq(auditEvents.id, row.id));
              const digest = auditDigest(stored as typeof auditEvents.$inferSelect);
              items.push({ kind: "audit_event" as const, id: row.id, digest });
              ids.push(row.id);
            }
            head = await appendBatch(tx, signer, head, items, { at: new Date() });
          });
        }
      },
    };
  }
  const takenIds = () => receiver.taking("sallyport.record.id");
  /** What this process has recorded itself, in order: making a stream is an event that streams bring, too. */
  const ownEvents = () =>
    store.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.chainId, processChain().id))
      .orderBy(auditEvents.chainBatch, auditEvents.id);
  const ownIds = async () => (await ownEvents()).map((row) => row.id);
  /** A stream that has taken all there was, its own making included. */
  const makeCaughtUp = async () => {
    const made = await make();
    expect(await sendDue(store.db, parts())).toMatchObject([{ messages: 1, events: 1, error: null }]);
    expect(takenIds()).toEqual(await ownIds());
    receiver.taken.length = 0;
    return made;
  };

  it("send every event once, in order, in signed NDJSON that names chain, batch and digest", async () => {
    const { id, secret } = await make();
    const one = await chain();
    await one.grow([2, 0, 1]);
    expect(await sendDue(store.db, parts())).toEqual([{ streamId: id, messages: 2, events: 4, error: null }]);
    const [first, post] = receiver.taken;
    const [created] = await ownEvents();
    expect(first?.id).toBe(`${processChain().id}:1-1`);
    expect(linesOf(first?.body ?? "")).toMatchObject([
      {
        "event.name": "sallyport.stream.created",
        "sallyport.record.id": created?.id,
        "sallyport.record.sha256": created && auditDigest(created).toString("hex"),
        "sallyport.chain.id": processChain().id,
        "sallyport.chain.batch": 1,
        "sallyport.chain.item": 1,
      },
    ]);
    expect(post?.id).toBe(`${one.id}:1-3`);
    expect(post?.type).toBe("application/x-ndjson");
    expect(post?.signature).toBe(signatureOf(secret, post?.id ?? "", post?.timestamp ?? 0, post?.body ?? ""));
    const lines = linesOf(post?.body ?? "");
    expect(lines.map((line) => line["sallyport.record.id"])).toEqual(one.ids);
    expect(lines.map((line) => [line["sallyport.chain.batch"], line["sallyport.chain.item"]])).toEqual([
      [1, 1],
      [1, 2],
      [3, 3],
    ]);
    const [row] = await store.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.id, one.ids[0] ?? ""));
    expect(row && lines[0]).toMatchObject({
      timestamp: row?.at.toISOString(),
      severity_text: "INFO",
      severity_number: 9,
      "event.name": "sallyport.console.signed_in",
      "service.name": "sallyport",
      "user.name": "test",
      "sallyport.record.sha256": row && auditDigest(row).toString("hex"),
    });
    expect(await sendDue(store.db, parts())).toEqual([]);
    expect(receiver.taken).toHaveLength(2);
  });

  it("begin now or at the beginning, and take chains that begin later whole", async () => {
    const early = await chain();
    await early.grow([1]);
    await recordAudit(store.db, ada.actor, { action: "console.signed_in" });
    await make({ start: "now" });
    const late = await chain();
    await early.grow([1]);
    await late.grow([1]);
    await sendDue(store.db, parts());
    const [signedIn, ...since] = await ownEvents();
    expect(signedIn?.action).toBe("console.signed_in");
    // Its own making is the first that it tells of.
    expect(since.map((row) => row.action)).toEqual(["stream.created"]);
    const expected = [early.ids[1], ...late.ids, ...since.map((row) => row.id)];
    expect(takenIds().toSorted()).toEqual(expected.toSorted());
  });

  it("go on behind a receiver that refuses, hangs, breaks off and is away, with nothing lost and nothing out of order", async () => {
    const { id } = await makeCaughtUp();
    const one = await chain();
    await one.grow([1]);
    const failures: ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(503).end(),
      () => undefined,
      (response) => response.destroy(),
    ];
    for (const fail of failures) {
      receiver.answer = (_post, response) => {
        fail(response);
        return false;
      };
      await comeDue();
      expect(
        await sendDue(store.db, parts({ send: (request) => sendWebhook({ ...request, timeoutMs: 200 }) })),
      ).toEqual([expect.objectContaining({ messages: 0, error: expect.stringMatching(/answer/i) })]);
      expect(await sendDue(store.db, parts())).toEqual([]);
      await one.grow([1]);
    }
    await receiver.stop();
    await comeDue();
    await sendDue(store.db, parts());
    const failing = await getStream(ada, id);
    expect(failing).toMatchObject({ state: "failing", failures: 4, behind: 4 });
    expect(failing?.lastError).toMatch(/ECONNREFUSED/);
    expect(failing?.failingSince?.getTime()).toBeLessThanOrEqual(Date.now());

    receiver.answer = (_post, response) => {
      response.end();
      return true;
    };
    await receiver.start();
    await comeDue();
    await sendDue(store.db, parts());
    expect(takenIds()).toEqual(one.ids);
    // What was tried first is sent again as it was, and what came since follows.
    expect(receiver.taken.map((post) => post.id)).toEqual([`${one.id}:1-1`, `${one.id}:2-4`]);
    expect(new Set(receiver.refused.map((post) => post.id))).toEqual(new Set([`${one.id}:1-1`]));
    expect(await getStream(ada, id)).toMatchObject({
      state: "current",
      failures: 0,
      failingSince: null,
      lastError: null,
      sentEvents: 5,
    });
  });

  it("keep no other one waiting for a receiver that does not answer", async () => {
    const slow = new EventReceiver();
    let asked = 0;
    slow.answer = () => {
      asked += 1;
      return false;
    };
    await slow.start();
    await make({ name: "slow", url: slow.url });
    const { id } = await make();
    const rounds = startStreams(
      store.db,
      parts({ send: (request) => sendWebhook({ ...request, timeoutMs: 60_000 }) }),
      10,
      () => undefined,
    );
    try {
      // The other one's turn is over, and nothing is left of what it could have gone on with.
      const isOver = and(
        eq(eventStreams.id, id),
        gt(eventStreams.sentEvents, 0),
        lte(eventStreams.nextAttemptAt, sql`UTC_TIMESTAMP(3)`),
      );
      await vi.waitFor(
        async () => expect(await store.db.select().from(eventStreams).where(isOver)).toHaveLength(1),
        WAIT,
      );
      await vi.waitFor(() => expect(asked).toBe(1), WAIT);
      await recordAudit(store.db, ada.actor, { action: "console.signed_in" });
      const all = await ownIds();
      await vi.waitFor(() => expect(takenIds()).toEqual(all), WAIT);
      expect(asked).toBe(1);
    } finally {
      await slow.stop();
      await rounds.stop();
    }
  });

  it("repeat a message under its id when a console dies between sending and remembering", async () => {
    await makeCaughtUp();
    const one = await chain();
    await one.grow([1, 1]);
    const dying = new Error("killed");
    const dies = parts({
      send: async (request) => {
        await sendWebhook(request);
        await store.db.update(eventStreams).set({ nextAttemptAt: new Date(Date.now() + 3_600_000) });
        throw dying;
      },
    });
    await sendDue(store.db, dies);
    await one.grow([1]);
    await comeDue();
    await sendDue(store.db, parts());
    expect(receiver.taken.map((post) => post.id)).toEqual([`${one.id}:1-2`, `${one.id}:1-2`, `${one.id}:3-3`]);
    expect(receiver.taken[0]?.body).toBe(receiver.taken[1]?.body);
  });

  it("are sent by one of several consoles at a time", async () => {
    await make();
    const chains = await Promise.all([chain(), chain(), chain()]);
    for (const one of chains) await one.grow([3, 3]);
    await Promise.all(Array.from({ length: 6 }, () => sendDue(store.db, parts())));
    const ids = takenIds();
    const own = await ownIds();
    expect(own).toHaveLength(1);
    expect(ids).toHaveLength(18 + own.length);
    expect(ids.filter((id) => own.includes(String(id)))).toEqual(own);
    for (const one of chains) expect(ids.filter((id) => one.ids.includes(String(id)))).toEqual(one.ids);
  });

  it("keep messages to their limits, and send a batch that is larger in parts that are gone on with", async () => {
    await makeCaughtUp();
    const one = await chain();
    await one.grow([MAX_EVENTS - 1, 1, 1]);
    await one.grow([MAX_EVENTS * 2 + 1]);
    receiver.answer = (_post, response) => {
      const takes = receiver.taken.length < 3;
      response.writeHead(takes ? 200 : 500).end();
      return takes;
    };
    await sendDue(store.db, parts());
    receiver.answer = (_post, response) => {
      response.end();
      return true;
    };
    await comeDue();
    await sendDue(store.db, parts());
    expect(receiver.taken.map((post) => post.id)).toEqual([
      `${one.id}:1-2`,
      `${one.id}:3-3`,
      `${one.id}:4-4.1`,
      `${one.id}:4-4.2`,
      `${one.id}:4-4.3`,
    ]);
    expect(takenIds()).toEqual(one.ids);
    await one.grow(Array(90).fill(20), "x".repeat(1000));
    await sendDue(store.db, parts());
    for (const post of receiver.taken) expect(Buffer.byteLength(post.body)).toBeLessThanOrEqual(MAX_BYTES);
    expect(takenIds()).toEqual(one.ids);
  });

  it("tell of a record that its chain has and the store has not", async () => {
    await makeCaughtUp();
    const one = await chain();
    await one.grow([2]);
    await store.db.delete(auditEvents).where(eq(auditEvents.id, one.ids[0] ?? ""));
    await sendDue(store.db, parts());
    expect(linesOf(receiver.taken[0]?.body ?? "").map((line) => line["event.name"])).toEqual([
      "sallyport.record.missing",
      "sallyport.console.signed_in",
    ]);
  });

  it("go on behind an event whose detail somebody took away", async () => {
    await makeCaughtUp();
    const one = await chain();
    await one.grow([1, 1]);
    await store.db
      .update(auditEvents)
      .set({ detail: sql`'null'` })
      .where(eq(auditEvents.id, one.ids[0] ?? ""));
    expect(await sendDue(store.db, parts())).toMatchObject([{ events: 2, error: null }]);
    expect(takenIds()).toEqual(one.ids);
  });

  it("go to no address that webhooks may not go to", async () => {
    for (const url of ["http://169.254.169.254/latest", "http://siem.example.com/", "ftp://127.0.0.1/"]) {
      await expect(make({ url })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    }
  });

  it("send nothing while paused, and a test all the same", async () => {
    const { id } = await make();
    const one = await chain();
    await one.grow([1]);
    const url = receiver.url;
    await updateStream(ada, { id, version: 1, name: "siem", url, statements: false, enabled: false });
    expect(await sendDue(store.db, parts())).toEqual([]);
    // The chain's batch, and those of making and of pausing the stream.
    expect((await listStreams(ada))[0]).toMatchObject({ state: "paused", behind: 3 });
    expect(await testStream(ada, { id }, parts())).toEqual({ error: null });
    expect(linesOf(receiver.taken[0]?.body ?? "")[0]).toMatchObject({ "event.name": "sallyport.stream.test" });
    await expect(
      updateStream(ada, { id, version: 1, name: "siem", url, statements: false, enabled: true }),
    ).rejects.toMatchObject({ code: "CONFLICT" });
    await updateStream(ada, { id, version: 2, name: "siem", url, statements: false, enabled: true });
    await sendDue(store.db, parts());
    const own = await ownEvents();
    expect(own.map((row) => row.action)).toEqual([
      "stream.created",
      "stream.updated",
      "stream.tested",
      "stream.updated",
    ]);
    expect(takenIds().slice(1)).toEqual([...own.map((row) => row.id), ...one.ids]);
    await removeStream(ada, { id });
    expect(await store.db.select().from(eventStreamCursors)).toEqual([]);
    const actions = (await store.db.select().from(auditEvents)).map((row) => row.action);
    expect(actions.filter((action) => action.startsWith("stream."))).toEqual([
      "stream.created",
      "stream.updated",
      "stream.tested",
      "stream.updated",
      "stream.deleted",
    ]);
  });

  it("are for administrators alone", async () => {
    for (const role of ["reviewer", "auditor"] as const) {
      const ctx = ctxOf(store.db, role);
      await expect(
        createStream(ctx, { name: "x", url: receiver.url, statements: false, start: "now" }),
      ).rejects.toMatchObject({ code: "FORBIDDEN" });
      await expect(listStreams(ctx)).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  });

  describe("to a file", () => {
    it("follow it when it is moved away, and end a line that was torn", async () => {
      const file = join(dir, "events.ndjson");
      writeFileSync(file, '{"torn');
      expect(await Promise.all([1, 2].map(() => ensureFileStream(store.db, file)))).toContain(true);
      expect(await ensureFileStream(store.db, file)).toBe(false);
      const one = await chain();
      await one.grow([1]);
      await sendDue(store.db, parts({ file }));
      renameSync(file, `${file}.1`);
      await one.grow([2]);
      await sendDue(store.db, parts({ file }));
      const [torn, ...rest] = readFileSync(`${file}.1`, "utf8").split("\n");
      expect(torn).toBe('{"torn');
      const ids = linesOf([...rest, readFileSync(file, "utf8")].join("\n")).map((line) => line["sallyport.record.id"]);
      const own = await ownIds();
      expect(own).toHaveLength(1);
      expect(ids).toEqual([...own, ...one.ids]);
    });

    it("wait for a console that has one, and for a directory that is there", async () => {
      const file = join(dir, "later", "events.ndjson");
      await ensureFileStream(store.db, file);
      const one = await chain();
      await one.grow([1]);
      expect(await sendDue(store.db, parts())).toEqual([]);
      expect(await sendDue(store.db, parts({ file }))).toMatchObject([{ error: expect.stringMatching(/ENOENT/) }]);
    });
  });
});
