import type { DbOrTx } from "@/lib/db/client";
import type { ChainItem } from "../items";
import { ITEM_NAMES, type Problems } from "./model";
import { type ChunkHead, digestOf, hashChunks, type RecordRow } from "./records";
import type { RemovedChunks } from "./removed-chunks";

/** A record and the batch that proves it. */
export interface PlacedItem extends ChainItem {
  readonly chain: string;
  readonly batch: number;
}

/** What a session said of itself when it ended. */
export interface SessionEnding {
  readonly session: string;
  readonly statements: number;
  readonly item: PlacedItem;
}

/** What checking a record leaves for later. */
export interface RecordNotes {
  readonly removed: RemovedChunks;
  found(item: PlacedItem): void;
  ended(ending: SessionEnding): void;
}

/** Checks records against the digests that a signed batch has of them. */
export function checkRecords(
  items: readonly PlacedItem[],
  rows: ReadonlyMap<string, RecordRow>,
  problems: Problems,
  notes: RecordNotes,
): ChunkHead[] {
  const chunks: ChunkHead[] = [];
  for (const item of items) {
    const record = rows.get(item.id);
    const name = `${ITEM_NAMES[item.kind]} ${item.id}`;
    const at = { chain: item.chain, batch: item.batch, record: { kind: item.kind, id: item.id } };
    if (record === undefined || record.kind !== item.kind) {
      problems.add("record_missing", `the ${name} is missing`, at);
      continue;
    }
    if (record.kind === "statement" && record.row.state === "running") {
      problems.add("record_running", `the ${name} is marked as running, and its outcome had been recorded`, at);
      continue;
    }
    notes.found(item);
    if (!digestOf(record).equals(item.digest)) {
      problems.add("record_changed", `the ${name} is not as it was recorded`, at);
      continue;
    }
    if (record.kind === "recording_chunk") chunks.push(record.row);
    if (record.kind === "audit_event") noteEvent(record.row, item, notes);
  }
  return chunks;
}

function noteEvent(
  row: { readonly action: string; readonly detail: Record<string, unknown> },
  item: PlacedItem,
  notes: RecordNotes,
): void {
  const { session, statementCount, connection, before } = row.detail;
  if (row.action === "session.ended" && typeof session === "string" && typeof statementCount === "number") {
    notes.ended({ session, statements: statementCount, item });
  }
  if (row.action === "retention.applied" && typeof connection === "string" && typeof before === "string") {
    notes.removed.allow(connection, new Date(before));
  }
}

/** Checks the bytes of chunks, and notes those that have none; `hashed` false: believes what says that it was removed. */
export async function checkChunks(
  db: DbOrTx,
  chunks: readonly ChunkHead[],
  places: ReadonlyMap<string, PlacedItem>,
  hashed: boolean,
  problems: Problems,
  removed: RemovedChunks,
): Promise<void> {
  checkHashes(chunks, hashed ? await hashChunks(db, chunks) : null, places, problems, removed);
}

/** The same where the hashes are known; null: only what is marked as removed is looked at. */
export function checkHashes(
  chunks: readonly ChunkHead[],
  hashes: ReadonlyMap<string, string | null> | null,
  places: ReadonlyMap<string, PlacedItem>,
  problems: Problems,
  removed: RemovedChunks,
): void {
  for (const chunk of chunks) {
    const place = places.get(chunk.id);
    if (place === undefined) continue;
    const hash = hashes?.get(chunk.id) ?? null;
    // Bytes that are there have to be the right ones, whatever the mark says.
    if (hash === null && chunk.expiredAt !== null) removed.note(chunk, place);
    else if (hashes !== null) checkBytes(chunk, hash, place, problems);
  }
}

function checkBytes(chunk: ChunkHead, hash: string | null, place: PlacedItem, problems: Problems): void {
  if (hash === chunk.sha256) return;
  const name = `recording chunk ${chunk.id} (number ${chunk.number} of session ${chunk.sessionId})`;
  const at = { chain: place.chain, batch: place.batch, record: { kind: place.kind, id: place.id } };
  if (hash === null) {
    problems.add("chunk_removed", `the bytes of the ${name} are missing, and it is not marked as expired`, at);
  } else {
    problems.add("chunk_bytes", `the bytes of the ${name} have the SHA-256 ${hash} instead of ${chunk.sha256}`, at);
  }
}
