import { and, asc, eq, gt, inArray, lte } from "drizzle-orm";
import { type ChainItem, decodeItems, type ItemKind } from "@/lib/chain/items";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, chainBatches, identities, sessions, statements } from "@/lib/db/schema";
import {
  auditLogRecord,
  type ChainPlace,
  type LogRecord,
  missingLogRecord,
  type StreamedStatement,
  statementLogRecord,
} from "./log-record";

/** Of one message; a single longer line goes alone. */
export const MAX_EVENTS = 500;
export const MAX_BYTES: number = 1024 * 1024;
/** Batches looked at for one message, and items in them: chunks and beats are no events. */
const MAX_BATCHES = 500;
const MAX_ITEMS = 5_000;
/** Ids of one query. */
const ROWS = 1_000;

/** How far a stream is in a chain. */
export interface Cursor {
  readonly chainId: string;
  readonly number: number;
  readonly attempting: number | null;
  readonly parts: number;
}

/** The next thing to send of a chain. */
export interface StreamMessage {
  /** `<chain>:<first batch>-<last batch>`, with `.<part>` behind it where the range needs several messages. */
  readonly id: string;
  readonly last: number;
  /** NDJSON; empty where the range has no event for this stream. */
  readonly body: string;
  readonly events: number;
  /** Whether the range is done with it. */
  readonly complete: boolean;
}

/** What a stream wants of a chain. */
function wanted(kind: ItemKind, withStatements: boolean): boolean {
  return kind === "audit_event" || (withStatements && kind === "statement");
}

/**
 * The message behind a cursor, or null at the chain's end. The same cursor with the same `attempting` gives the same message, whoever asks
 * and whatever the chain has got since: a repetition is known by its id.
 */
export async function nextMessage(db: DbOrTx, cursor: Cursor, withStatements: boolean): Promise<StreamMessage | null> {
  const all = await readPlaces(db, cursor, withStatements);
  if (all === null) return null;
  const places = cursor.attempting === null ? cutByCount(all) : all;
  const lines = await render(db, places.wanted);
  const range = cursor.attempting === null ? shorten(places, lines) : { last: places.last, lines };
  const parts = split(range.lines);
  const part = parts[cursor.parts];
  const id = `${cursor.chainId}:${cursor.number + 1}-${range.last}`;
  return {
    id: parts.length > 1 ? `${id}.${cursor.parts + 1}` : id,
    last: range.last,
    body: part?.join("") ?? "",
    events: part?.length ?? 0,
    complete: cursor.parts + 1 >= parts.length,
  };
}

interface Places {
  readonly last: number;
  readonly wanted: readonly ChainPlace[];
}

async function readPlaces(db: DbOrTx, cursor: Cursor, withStatements: boolean): Promise<Places | null> {
  const { chainId, number, attempting } = cursor;
  const sizes = await db
    .select({ number: chainBatches.number, count: chainBatches.count })
    .from(chainBatches)
    .where(
      and(
        eq(chainBatches.chainId, chainId),
        gt(chainBatches.number, number),
        lte(chainBatches.number, attempting ?? number + MAX_BATCHES),
      ),
    )
    .orderBy(asc(chainBatches.number))
    .limit(MAX_BATCHES);
  let items = 0;
  let last = number;
  for (const size of sizes) {
    items += size.count;
    if (attempting === null && last > number && items > MAX_ITEMS) break;
    last = size.number;
  }
  if (last === number) return null;
  const batches = await db
    .select()
    .from(chainBatches)
    .where(and(eq(chainBatches.chainId, chainId), gt(chainBatches.number, number), lte(chainBatches.number, last)))
    .orderBy(asc(chainBatches.number));
  return {
    last,
    wanted: batches.flatMap((batch) => {
      const decoded: readonly ChainItem[] = decodeItems(batch.items) ?? [UNREADABLE];
      return decoded.flatMap((item, index) =>
        wanted(item.kind, withStatements)
          ? [{ ...item, chainId, batch: batch.number, item: batch.firstItem + index, at: batch.at }]
          : [],
      );
    }),
  };
}

/** Stands for the items of a batch that somebody damaged: the stream tells of it and goes on. */
const UNREADABLE: ChainItem = { kind: "audit_event", id: "", digest: Buffer.alloc(0) };

/** Where a message ends that can not hold the event at `index`: before its batch, or behind it where that is the first with events. */
function endBefore(places: readonly ChainPlace[], index: number): number | null {
  const place = places[index];
  if (place === undefined) return null;
  return place.batch > (places[0]?.batch ?? 0) ? place.batch - 1 : place.batch;
}

function upTo(places: Places, last: number): Places {
  return { last, wanted: places.wanted.filter((one) => one.batch <= last) };
}

/** Before anything is read of the events: no more batches than a message may hold, the first one in any case. */
function cutByCount(places: Places): Places {
  const end = endBefore(places.wanted, MAX_EVENTS);
  return end === null ? places : upTo(places, end);
}

/** The same by size. */
function shorten(places: Places, lines: readonly string[]) {
  let bytes = 0;
  const over = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line);
    return bytes > MAX_BYTES;
  });
  const end = over < 0 ? null : endBefore(places.wanted, over);
  if (end === null) return { last: places.last, lines };
  const cut = upTo(places, end);
  return { last: cut.last, lines: lines.slice(0, cut.wanted.length) };
}

/** Lines in messages that keep to the limits. */
function split(lines: readonly string[]): string[][] {
  const parts: string[][] = [];
  let part: string[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line);
    if (part.length > 0 && (part.length === MAX_EVENTS || bytes + size > MAX_BYTES)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(line);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

async function render(db: DbOrTx, places: readonly ChainPlace[]): Promise<string[]> {
  const ids = (kind: ItemKind) => places.flatMap((place) => (place.kind === kind ? [place.id] : []));
  const [events, ran] = await Promise.all([readEvents(db, ids("audit_event")), readStatements(db, ids("statement"))]);
  return places.map((place) => {
    const event = events.get(place.id);
    const statement = ran.get(place.id);
    const record: LogRecord =
      event !== undefined
        ? auditLogRecord(event, place)
        : statement !== undefined
          ? statementLogRecord(statement, place)
          : missingLogRecord(place);
    return ndjsonLine(record);
  });
}

/** A record as a line; U+2028 and the like need no care in JSON, a line end can not occur in it. */
export function ndjsonLine(record: LogRecord): string {
  return `${JSON.stringify(record)}\n`;
}

async function readEvents(db: DbOrTx, ids: readonly string[]) {
  const found = new Map<string, typeof auditEvents.$inferSelect>();
  for (let at = 0; at < ids.length; at += ROWS) {
    const rows = await db
      .select()
      .from(auditEvents)
      .where(inArray(auditEvents.id, ids.slice(at, at + ROWS)));
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

async function readStatements(db: DbOrTx, ids: readonly string[]) {
  const found = new Map<string, StreamedStatement>();
  for (let at = 0; at < ids.length; at += ROWS) {
    const rows = await db
      .select({ row: statements, identityName: identities.displayName, clientAddress: sessions.clientAddress })
      .from(statements)
      .leftJoin(sessions, eq(sessions.id, statements.sessionId))
      .leftJoin(identities, eq(identities.id, statements.identityId))
      .where(inArray(statements.id, ids.slice(at, at + ROWS)));
    for (const one of rows) found.set(one.row.id, one);
  }
  return found;
}
