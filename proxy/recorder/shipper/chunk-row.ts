import { createHash } from "node:crypto";
import { recordingChunks } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { joinFrames, packChunk } from "@/lib/recordings/chunk";
import { readFrame } from "@/lib/recordings/frame";
import { storedRow } from "./stored-row";
import type { ChunkDraft, ChunkRow } from "./work";

/** Compresses a chunk and says what is in it. */
export async function chunkRow(draft: ChunkDraft): Promise<ChunkRow> {
  const { sessionId, connectionName, number, sessionStartedAt, frames, lastSequence } = draft;
  const raw = joinFrames(frames);
  const { codec, data } = await packChunk(raw);
  let firstStatementId: string | null = null;
  let lastStatementId: string | null = null;
  let firstUs: number | null = null;
  let lastUs = 0;
  for (const bytes of frames) {
    const frame = readFrame(bytes);
    if (frame === null) continue;
    firstUs ??= frame.atUs;
    lastUs = frame.atUs;
    const id = frame.statementId;
    if (id !== null && (firstStatementId === null || id < firstStatementId)) firstStatementId = id;
    if (id !== null && (lastStatementId === null || id > lastStatementId)) lastStatementId = id;
  }
  return storedRow(recordingChunks, {
    id: newId(),
    sessionId,
    connectionName,
    number,
    codec,
    frames: frames.length,
    firstStatementId,
    lastStatementId,
    firstUs: firstUs ?? 0,
    lastUs,
    lastSequence,
    rawBytes: raw.length,
    storedBytes: data.length,
    sha256: createHash("sha256").update(data).digest("hex"),
    at: new Date(sessionStartedAt + Math.floor(lastUs / 1000)),
    data,
  });
}
