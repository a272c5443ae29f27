import { asc, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { EventReceiver } from "@/e2e/support/event-receiver";
import {
  ChainWriter,
  chunkRow,
  endedEvent,
  insertSession,
  type StatementRow,
  statementRow,
} from "@/e2e/support/recorded";
import { ctxOf } from "@/e2e/support/rows";
import { createTestStore, type TestStore } from "@/e2e/support/store";
import { statementDigest } from "@/lib/chain/digest";
import type { Ctx } from "@/lib/ctx";
import { eventStreams, sessions, statements } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { newId } from "@/lib/ids";
import { sendWebhook } from "@/lib/notifications/send/post";
import { createStream } from "./create-stream";
import { appendFile } from "./send/append-file";
import { sendDue } from "./send-due";
import { updateStream } from "./update-stream";

const parts = { send: sendWebhook, file: null, append: appendFile };

describe("event streams of statements", () => {
  let store: TestStore;
  let ada: Ctx;
  let receiver: EventReceiver;
  let gateway: ChainWriter;
  let session: string;
  let identityId: string;
  beforeAll(() => vi.stubEnv("SALLYPORT_MASTER_KEY", Buffer.alloc(32, 7).toString("base64")));
  afterAll(() => vi.unstubAllEnvs());
  beforeEach(async () => {
    store = await createTestStore();
    ada = ctxOf(store.db, "admin");
    receiver = new EventReceiver();
    await receiver.start();
    gateway = await ChainWriter.open(store.db);
    session = newId();
    await insertSession(store.db, gateway.head.chainId, session);
    const [row] = await store.db.select().from(sessions).where(eq(sessions.id, session));
    identityId = row?.identityId ?? "";
  });
  afterEach(async () => {
    await receiver.stop();
    await store.close();
  });

  let sequence = 0;
  const ran = (changes: Partial<StatementRow> = {}) => {
    sequence += 1;
    return statementRow(session, sequence, { identityId, ...changes });
  };
  /** A stream of what is recorded from now on that has told of its own making. */
  const make = async (withStatements: boolean) => {
    const given = { name: "siem", url: receiver.url, statements: withStatements, start: "now" as const };
    const { id } = await createStream(ada, given);
    await sendDue(store.db, parts);
    expect(receiver.taking("event.name")).toEqual(["sallyport.stream.created"]);
    receiver.taken.length = 0;
    return id;
  };
  const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id);
  const takenIds = () => receiver.taking("sallyport.record.id");

  it("bring each once, in its chain's order between audit events, with who ran it from where and its digest", async () => {
    await make(true);
    const answered = ran({ rowCount: 3, maskedRows: 2 });
    const failed = ran({ errorNumber: 1064, errorMessage: "You have an error in your SQL syntax", rowCount: 0 });
    const unknown = ran({ state: "unknown", sql: "UPDATE orders SET note = 'a\nb\u2028c'", statementClass: "update" });
    const refused = ran({ effect: "deny", waitedUs: null, identityId: newId(), sessionId: newId(), errorNumber: 1142 });
    const ended = endedEvent(session, 4);
    await gateway.write({ statements: [answered, failed], chunks: [chunkRow(session, 1)] });
    await gateway.write({ chunks: [chunkRow(session, 2)] });
    await gateway.write({});
    await gateway.write({ statements: [unknown, refused], chunks: [chunkRow(session, 3)], events: [ended] });

    expect(await sendDue(store.db, parts)).toMatchObject([{ messages: 1, events: 5, error: null }]);
    expect(receiver.taken.map((post) => post.id)).toEqual([`${gateway.head.chainId}:1-4`]);
    expect(takenIds()).toEqual(ids([answered, failed, unknown, refused, ended]));
    expect(receiver.taking("sallyport.chain.batch")).toEqual([1, 1, 4, 4, 4]);
    // Chunks are items of the chain and no events.
    expect(receiver.taking("sallyport.chain.item")).toEqual([1, 2, 5, 6, 8]);
    const stored = await store.db.select().from(statements).orderBy(asc(statements.sequence));
    const digests = stored.map((row) => statementDigest(row).toString("hex"));
    expect(receiver.taking("sallyport.record.sha256").slice(0, 4)).toEqual(digests);
    expect(receiver.taking("event.name").slice(3)).toEqual(["sallyport.statement", "sallyport.session.ended"]);
    expect(receiver.lines()).toMatchObject([
      {
        timestamp: answered.at.toISOString(),
        severity_text: "INFO",
        "user.id": identityId,
        "user.name": "orders-agent",
        "client.address": "192.0.2.9",
        "session.id": session,
        "db.query.text": answered.sql,
        "db.response.returned_rows": 3,
        "sallyport.rows.masked": 2,
        "sallyport.record.kind": "statement",
        "sallyport.statement.sequence": answered.sequence,
      },
      { severity_text: "WARN", "error.type": "1064", "sallyport.message": failed.errorMessage },
      { severity_text: "WARN", "sallyport.statement.state": "unknown", "db.query.text": unknown.sql },
      { severity_text: "WARN", "user.id": refused.identityId, "sallyport.decision.effect": "deny" },
      { "session.id": session },
    ]);
    expect(await sendDue(store.db, parts)).toEqual([]);
  });

  it("go on behind a receiver that was away, with nothing lost and nothing twice", async () => {
    await make(true);
    const rows = Array.from({ length: 6 }, () => ran());
    receiver.answer = (_post, response) => {
      response.writeHead(503).end();
      return false;
    };
    await gateway.write({ statements: rows.slice(0, 2) });
    expect(await sendDue(store.db, parts)).toMatchObject([{ messages: 0, error: "The receiver answered 503" }]);
    await gateway.write({ statements: rows.slice(2, 3) });
    await gateway.write({ statements: rows.slice(3) }, { final: true });
    receiver.answer = (_post, response) => {
      response.end();
      return true;
    };
    await store.db.update(eventStreams).set({ nextAttemptAt: await storeNow(store.db) });
    await sendDue(store.db, parts);
    const chain = gateway.head.chainId;
    expect(receiver.refused.map((post) => post.id)).toEqual([`${chain}:1-1`]);
    expect(receiver.taken.map((post) => post.id)).toEqual([`${chain}:1-1`, `${chain}:2-3`]);
    expect(receiver.taken[0]?.body).toBe(receiver.refused[0]?.body);
    expect(takenIds()).toEqual(ids(rows));
  });

  it("leave statements out of a stream that asks for none, until it does", async () => {
    const id = await make(false);
    const [before, after] = [ran(), ran()];
    const [first, second] = [endedEvent(session, 1), endedEvent(session, 2)];
    await gateway.write({ statements: [before], events: [first] });
    await sendDue(store.db, parts);
    expect(takenIds()).toEqual([first.id]);
    await updateStream(ada, { id, version: 1, name: "siem", url: receiver.url, statements: true, enabled: true });
    await gateway.write({ statements: [after], events: [second] });
    await sendDue(store.db, parts);
    const ofGateway = receiver.lines().filter((line) => line["sallyport.chain.id"] === gateway.head.chainId);
    expect(ofGateway.map((line) => line["sallyport.record.id"])).toEqual([first.id, after.id, second.id]);
  });

  it("tell of a statement that its chain has and the store has not", async () => {
    await make(true);
    const [gone, kept] = [ran(), ran()];
    await gateway.write({ statements: [gone, kept] });
    await store.db.delete(statements).where(eq(statements.id, gone.id));
    await sendDue(store.db, parts);
    expect(receiver.lines()).toMatchObject([
      { "event.name": "sallyport.record.missing", severity_text: "ERROR", "sallyport.record.id": gone.id },
      { "event.name": "sallyport.statement", "sallyport.record.id": kept.id },
    ]);
  });
});
