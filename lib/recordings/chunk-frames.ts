import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { DbOrTx } from "@/lib/db/client";
import { recordingChunks } from "@/lib/db/schema";
import { splitFrames, unpackChunk } from "./chunk";
import type { ChunkHead } from "./chunk-heads";
import type { Frame } from "./frame";

/** Unpacked bytes that are kept for the next question about the same place. */
const CACHE_BYTES = 64 * 1024 * 1024;

interface Unpacked {
  readonly frames: readonly Frame[];
  readonly bytes: number;
}

/** By the chunk's id: chunks never change, and one whose retention is over is not asked for. */
const unpacked = new LRUCache<string, Unpacked>({
  maxSize: CACHE_BYTES,
  maxEntrySize: CACHE_BYTES,
  sizeCalculation: ({ bytes, frames }) => bytes + frames.length * 200 + 1,
});

/** A chunk's frames; `damaged` when its bytes are not those that were stored, or are none of a chunk. */
export type ChunkFrames = readonly Frame[] | "expired" | "damaged";

/** Reads a chunk's frames, as views on its bytes. `keep: false` leaves what is in memory for others. */
export async function readChunkFrames(db: DbOrTx, head: ChunkHead, keep = true): Promise<ChunkFrames> {
  if (head.expiredAt !== null) return "expired";
  const kept = keep ? unpacked.get(head.id) : unpacked.peek(head.id);
  if (kept !== undefined) return kept.frames;
  const [row] = await db
    .select({ data: recordingChunks.data, expiredAt: recordingChunks.expiredAt })
    .from(recordingChunks)
    .where(eq(recordingChunks.id, head.id));
  if (row === undefined || row.data === null) return "expired";
  if (createHash("sha256").update(row.data).digest("hex") !== head.sha256) return "damaged";
  const raw = await unpackChunk(head.codec, row.data).catch(() => null);
  const frames = raw === null ? null : splitFrames(raw);
  if (raw === null || frames === null) return "damaged";
  if (keep) unpacked.set(head.id, { frames, bytes: raw.length });
  return frames;
}
