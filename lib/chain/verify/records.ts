import { createHash } from "node:crypto";
import { getTableColumns, inArray, type SQL } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, recordingChunks, statements } from "@/lib/db/schema";
import { auditDigest, chunkDigest, statementDigest } from "../digest";
import type { ChainItem } from "../items";

/** A row that a chain proves. */
export type RecordRow =
  | { readonly kind: "audit_event"; readonly row: typeof auditEvents.$inferSelect }
  | { readonly kind: "statement"; readonly row: typeof statements.$inferSelect }
  | { readonly kind: "recording_chunk"; readonly row: ChunkHead };

const { data: _, ...chunkColumns } = getTableColumns(recordingChunks);
/** A chunk without its bytes. */
export type ChunkHead = Omit<typeof recordingChunks.$inferSelect, "data">;

const IDS_PER_QUERY = 2000;
/** Of chunks, in memory at once. */
const CHUNK_BYTES = 16 * 1024 * 1024;

export function digestOf(record: RecordRow): Buffer {
  switch (record.kind) {
    case "audit_event":
      return auditDigest(record.row);
    case "statement":
      return statementDigest(record.row);
    case "recording_chunk":
      return chunkDigest(record.row);
    default:
      return record satisfies never;
  }
}

export function readChunkHeads(db: DbOrTx, where: SQL | undefined): Promise<ChunkHead[]> {
  return db.select(chunkColumns).from(recordingChunks).where(where);
}

/** The rows of these items, by id; those that are not there are left out. */
export async function readRecords(
  db: DbOrTx,
  items: readonly Pick<ChainItem, "kind" | "id">[],
): Promise<Map<string, RecordRow>> {
  const found = new Map<string, RecordRow>();
  for (const kind of ["audit_event", "statement", "recording_chunk"] as const) {
    const ids = items.filter((item) => item.kind === kind).map((item) => item.id);
    for (let from = 0; from < ids.length; from += IDS_PER_QUERY) {
      for (const record of await readKind(db, kind, ids.slice(from, from + IDS_PER_QUERY))) {
        found.set(record.row.id, record);
      }
    }
  }
  return found;
}

async function readKind(db: DbOrTx, kind: ChainItem["kind"], ids: string[]): Promise<RecordRow[]> {
  switch (kind) {
    case "audit_event":
      return (await db.select().from(auditEvents).where(inArray(auditEvents.id, ids))).map((row) => ({ kind, row }));
    case "statement":
      return (await db.select().from(statements).where(inArray(statements.id, ids))).map((row) => ({ kind, row }));
    case "recording_chunk":
      return (await readChunkHeads(db, inArray(recordingChunks.id, ids))).map((row) => ({ kind, row }));
    default:
      return kind satisfies never;
  }
}

/** SHA-256 of the bytes of each chunk; null where there are none. */
export async function hashChunks(db: DbOrTx, chunks: readonly ChunkHead[]): Promise<Map<string, string | null>> {
  const hashes = new Map<string, string | null>();
  let ids: string[] = [];
  let bytes = 0;
  const flush = async () => {
    if (ids.length === 0) return;
    const { id, data } = recordingChunks;
    for (const row of await db.select({ id, data }).from(recordingChunks).where(inArray(id, ids))) {
      hashes.set(row.id, row.data === null ? null : createHash("sha256").update(row.data).digest("hex"));
    }
    ids = [];
    bytes = 0;
  };
  for (const chunk of chunks) {
    ids.push(chunk.id);
    bytes += chunk.storedBytes;
    if (bytes >= CHUNK_BYTES) await flush();
  }
  await flush();
  return hashes;
}
