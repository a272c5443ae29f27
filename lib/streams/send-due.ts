import { and, eq, gt, lte, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { eventStreamCursors, eventStreams, recordChains } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { inTransaction } from "@/lib/db/transaction";
import { type Repeating, repeat } from "@/lib/repeat";
import { deliver, STREAM_TIMEOUT_MS, type StreamParts } from "./deliver";
import { ensureFileStream } from "./file-stream";
import { goneLogRecord } from "./log-record";
import { type Cursor, ndjsonLine, nextMessage, type StreamMessage } from "./message";
import { streamPause } from "./pause";

/** How long one console goes on with a stream before it lets the others have it. */
const TURN_MS = 20_000;
/** Longer than a turn with its last message: until then a claimed stream is its claimer's. */
const CLAIM_MS: number = TURN_MS + STREAM_TIMEOUT_MS + 20_000;

type Stream = typeof eventStreams.$inferSelect;

/** What one turn did; `error` is why it ended early. */
export interface Turn {
  readonly streamId: string;
  readonly messages: number;
  readonly events: number;
  readonly error: string | null;
}

/**
 * Sends what is due: one round. Several consoles may: a stream is claimed by one of them with a conditional
 * update, and what was sent counts only while the claim holds. A console that dies leaves its message to the others, who send the same
 * one again: at least once, and in order within a chain.
 */
export async function sendDue(db: DbOrTx, parts: StreamParts): Promise<readonly Turn[]> {
  const turns = await Promise.all((await dueStreams(db, parts)).map((id) => takeTurn(db, id, parts)));
  return turns.filter((turn) => turn !== null);
}

/**
 * The same every `everyMs` until it is stopped, each stream by itself: a slow receiver keeps no other one waiting. Makes the stream to
 * the file first.
 */
export function startStreams(
  db: DbOrTx,
  parts: StreamParts,
  everyMs: number,
  onError: (error: unknown) => void,
): Repeating {
  const turns = new Map<string, Promise<unknown>>();
  const begin = (id: string) => {
    const turn = takeTurn(db, id, parts)
      .catch(onError)
      .finally(() => turns.delete(id));
    turns.set(id, turn);
  };
  let isFileKnown = false;
  const rounds = repeat(
    async () => {
      if (!isFileKnown) await ensureFileStream(db, parts.file);
      isFileKnown = true;
      for (const id of await dueStreams(db, parts)) if (!turns.has(id)) begin(id);
    },
    everyMs,
    onError,
  );
  return {
    stop: async () => {
      await rounds.stop();
      await Promise.all(turns.values());
    },
  };
}

/** Ids of the streams that have waited long enough and go somewhere from here. */
async function dueStreams(db: DbOrTx, { file }: StreamParts): Promise<string[]> {
  const now = await storeNow(db);
  const due = await db
    .select({ id: eventStreams.id, url: eventStreams.url })
    .from(eventStreams)
    .where(and(eq(eventStreams.enabled, true), lte(eventStreams.nextAttemptAt, now)));
  return due.filter(({ url }) => url !== null || file !== null).map(({ id }) => id);
}

/** Where a stream stands in the chains that have more for it. */
export async function behind(db: DbOrTx, streamId: string): Promise<(Cursor & { readonly head: number })[]> {
  const rows = await db
    .select({ chainId: recordChains.id, head: recordChains.headNumber, cursor: eventStreamCursors })
    .from(recordChains)
    .leftJoin(
      eventStreamCursors,
      and(eq(eventStreamCursors.chainId, recordChains.id), eq(eventStreamCursors.streamId, streamId)),
    )
    .where(gt(recordChains.headNumber, sql`COALESCE(${eventStreamCursors.number}, 0)`))
    .orderBy(recordChains.id);
  return rows.map(({ chainId, head, cursor }) => ({
    chainId,
    head,
    number: cursor?.number ?? 0,
    attempting: cursor?.attempting ?? null,
    parts: cursor?.parts ?? 0,
  }));
}

async function takeTurn(db: DbOrTx, id: string, parts: StreamParts): Promise<Turn | null> {
  if ((await behind(db, id)).length === 0) return null;
  const claim = await claimStream(db, id);
  if (claim === null) return null;
  const { stream, until } = claim;
  const ends = performance.now() + TURN_MS;
  let [messages, events, error]: [number, number, string | null] = [0, 0, null];
  let waiting = await behind(db, stream.id);
  while (waiting.length > 0 && error === null && performance.now() < ends) {
    for (const cursor of waiting) {
      const sent = await sendNext(db, stream, until, cursor, parts);
      if (sent.kind === "lost") return { streamId: stream.id, messages, events, error };
      if (sent.kind === "failed") error = sent.error;
      if (sent.kind === "sent" && sent.events > 0) messages += 1;
      events += sent.kind === "sent" ? sent.events : 0;
      if (error !== null || performance.now() >= ends) break;
    }
    if (error === null) waiting = await behind(db, stream.id);
  }
  await release(db, stream, until, error, (parts.random ?? Math.random)());
  return { streamId: stream.id, messages, events, error };
}

interface Claim {
  readonly stream: Stream;
  /** Both the claim's end and its mark: another claim has another. */
  readonly until: Date;
}

async function claimStream(db: DbOrTx, id: string): Promise<Claim | null> {
  const now = await storeNow(db);
  const until = new Date(now.getTime() + CLAIM_MS);
  const [claimed] = await db
    .update(eventStreams)
    .set({ nextAttemptAt: until })
    .where(and(eq(eventStreams.id, id), eq(eventStreams.enabled, true), lte(eventStreams.nextAttemptAt, now)));
  if (claimed.affectedRows === 0) return null;
  const [stream] = await db.select().from(eventStreams).where(eq(eventStreams.id, id));
  return stream === undefined ? null : { stream, until };
}

const held = (id: string, until: Date) => and(eq(eventStreams.id, id), eq(eventStreams.nextAttemptAt, until));

type Sent =
  | { readonly kind: "sent"; readonly events: number }
  | { readonly kind: "failed"; readonly error: string }
  /** Somebody changed the stream, or has it now. */
  | { readonly kind: "lost" };

async function sendNext(
  db: DbOrTx,
  stream: Stream,
  until: Date,
  cursor: Cursor & { readonly head: number },
  parts: StreamParts,
): Promise<Sent> {
  const message = (await nextMessage(db, cursor, stream.statements)) ?? batchesGone(cursor);
  if (message.events > 0) {
    if (!(await intend(db, stream.id, until, cursor, message))) return { kind: "lost" };
    const error = await deliver(stream, message, parts, new Date());
    if (error !== null) return { kind: "failed", error };
  }
  return (await taken(db, stream.id, until, cursor, message))
    ? { kind: "sent", events: message.events }
    : { kind: "lost" };
}

/** Somebody removed what the chain's head says is there: the stream tells of it and goes on behind it. */
function batchesGone({ chainId, number, head }: Cursor & { readonly head: number }): StreamMessage {
  const body = ndjsonLine(goneLogRecord(chainId, number + 1, head, new Date()));
  return { id: `${chainId}:${number + 1}-${head}`, last: head, body, events: 1, complete: true };
}

async function moveCursor(tx: DbOrTx, streamId: string, cursor: Cursor): Promise<void> {
  const { chainId, number, attempting, parts } = cursor;
  await tx
    .insert(eventStreamCursors)
    .values({ streamId, chainId, number, attempting, parts })
    .onDuplicateKeyUpdate({ set: { number, attempting, parts } });
}

/** Keeps the message's range before it goes out. */
async function intend(db: DbOrTx, id: string, until: Date, cursor: Cursor, message: StreamMessage): Promise<boolean> {
  if (cursor.attempting === message.last) return true;
  return inTransaction(db, async (tx) => {
    const [row] = await tx.select({ id: eventStreams.id }).from(eventStreams).where(held(id, until)).for("update");
    if (row !== undefined) await moveCursor(tx, id, { ...cursor, attempting: message.last });
    return row !== undefined;
  });
}

/** The message arrived: the cursor moves in the transaction that counts it. */
async function taken(db: DbOrTx, id: string, until: Date, cursor: Cursor, message: StreamMessage): Promise<boolean> {
  const { chainId, number, parts } = cursor;
  return inTransaction(db, async (tx) => {
    const counts =
      message.events === 0
        ? { nextAttemptAt: until }
        : {
            sentEvents: sql`${eventStreams.sentEvents} + ${message.events}`,
            lastSentAt: sql`UTC_TIMESTAMP(3)`,
            failures: 0,
            failingSince: null,
            lastError: null,
          };
    const [result] = await tx.update(eventStreams).set(counts).where(held(id, until));
    if (result.affectedRows === 0) return false;
    await moveCursor(
      tx,
      id,
      message.complete
        ? { chainId, number: message.last, attempting: null, parts: 0 }
        : { chainId, number, attempting: message.last, parts: parts + 1 },
    );
    return true;
  });
}

/** Lets go of the stream: at once, or for a while after a failure. */
async function release(db: DbOrTx, stream: Stream, until: Date, error: string | null, random: number): Promise<void> {
  if (error === null) {
    await db.update(eventStreams).set({ nextAttemptAt: sql`UTC_TIMESTAMP(3)` }).where(held(stream.id, until));
    return;
  }
  const [row] = await db.select({ failures: eventStreams.failures }).from(eventStreams).where(held(stream.id, until));
  if (row === undefined) return;
  const failures = row.failures + 1;
  const next = new Date((await storeNow(db)).getTime() + streamPause(failures, random));
  await db
    .update(eventStreams)
    .set({
      failures,
      lastError: error,
      failingSince: sql`COALESCE(${eventStreams.failingSince}, UTC_TIMESTAMP(3))`,
      nextAttemptAt: next,
    })
    .where(held(stream.id, until));
}
