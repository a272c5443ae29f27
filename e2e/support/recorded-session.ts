import { createHash } from "node:crypto";
import type { Db } from "@/lib/db/client";
import { recordingChunks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { joinFrames, packChunk } from "@/lib/recordings/chunk";
import { FRAME_HEAD_BYTES, type Frame, writeFrameHead } from "@/lib/recordings/frame";

/** A frame as it stands in a chunk. */
export function frameBytes({ kind, statementId, atUs, bytes }: Frame): Buffer {
  const out = Buffer.alloc(FRAME_HEAD_BYTES + bytes.length);
  bytes.copy(out, writeFrameHead(out, 0, kind, statementId, atUs));
  return out;
}

/** The row of one chunk with these frames. */
export async function chunkRow(
  sessionId: string,
  number: number,
  frames: readonly Frame[],
): Promise<typeof recordingChunks.$inferInsert> {
  const raw = joinFrames(frames.map(frameBytes));
  const { codec, data } = await packChunk(raw);
  const ids = frames.flatMap(({ statementId }) => statementId ?? []).toSorted();
  return {
    id: newId(),
    sessionId,
    connectionName: "shop",
    number,
    codec,
    frames: frames.length,
    firstStatementId: ids.at(0) ?? null,
    lastStatementId: ids.at(-1) ?? null,
    firstUs: frames.at(0)?.atUs ?? 0,
    lastUs: frames.at(-1)?.atUs ?? 0,
    lastSequence: number,
    rawBytes: raw.length,
    storedBytes: data.length,
    sha256: createHash("sha256").update(data).digest("hex"),
    at: new Date(),
    data,
  };
}

/** Writes chunks with these frames, numbered from `first` on. */
export async function insertChunks(
  db: Db,
  sessionId: string,
  chunks: readonly (readonly Frame[])[],
  first = 1,
): Promise<void> {
  for (const [index, frames] of chunks.entries()) {
    await db.insert(recordingChunks).values(await chunkRow(sessionId, first + index, frames));
  }
}
