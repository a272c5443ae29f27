import type { DbOrTx } from "@/lib/db/client";
import { type ChunkFrames, readChunkFrames } from "./chunk-frames";
import { type ChunkHead, mayHold } from "./chunk-heads";
import type { Frame } from "./frame";

/** What the recording holds of one statement. */
export interface StatementFrames {
  readonly frames: readonly Frame[];
  /** Why some or all of it is not there. */
  readonly lost: "expired" | "damaged" | null;
}

/** The frames of one statement, in order. `heads` are the session's chunks. */
export async function readStatementFrames(
  db: DbOrTx,
  heads: readonly ChunkHead[],
  statementId: string,
): Promise<StatementFrames> {
  const frames: Frame[] = [];
  let lost: StatementFrames["lost"] = null;
  let before: number | null = null;
  for (const head of heads) {
    if (!mayHold(head, statementId)) continue;
    // Chunks are numbered without gaps: where a number is missing, so are frames.
    if (before !== null && head.number !== before + 1 && !isThere(heads, before + 1)) lost = "damaged";
    before = head.number;
    const held: ChunkFrames = await readChunkFrames(db, head);
    if (typeof held === "string") {
      lost ??= held;
      continue;
    }
    for (const frame of held) if (frame.statementId === statementId) frames.push(frame);
  }
  return { frames, lost };
}

function isThere(heads: readonly ChunkHead[], number: number): boolean {
  return heads.some((head) => head.number === number);
}
