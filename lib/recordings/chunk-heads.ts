import { asc, eq } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { recordingChunks } from "@/lib/db/schema";

const {
  id,
  number,
  codec,
  firstStatementId,
  lastStatementId,
  firstUs,
  lastUs,
  rawBytes,
  storedBytes,
  sha256,
  expiredAt,
} = recordingChunks;
const columns = {
  id,
  number,
  codec,
  firstStatementId,
  lastStatementId,
  firstUs,
  lastUs,
  rawBytes,
  storedBytes,
  sha256,
  expiredAt,
};

/** A session's chunks in order, without their bytes. */
export function readChunkHeads(db: DbOrTx, sessionId: string) {
  return db
    .select(columns)
    .from(recordingChunks)
    .where(eq(recordingChunks.sessionId, sessionId))
    .orderBy(asc(recordingChunks.number));
}

export type ChunkHead = Awaited<ReturnType<typeof readChunkHeads>>[number];

/** Whether frames of the statement may be in the chunk. */
export function mayHold(head: ChunkHead, statementId: string): boolean {
  const { firstStatementId: first, lastStatementId: last } = head;
  return first !== null && last !== null && first <= statementId && last >= statementId;
}
