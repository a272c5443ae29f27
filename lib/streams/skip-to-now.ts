import type { DbOrTx } from "@/lib/db/client";
import { eventStreamCursors, recordChains } from "@/lib/db/schema";

/**
 * Puts a new stream at the end of every chain there is; chains that begin later are taken whole. Part of the verb that makes the stream:
 * the event of its making is chained after this, and is the first that the stream takes.
 */
export async function skipToNow(tx: DbOrTx, streamId: string): Promise<void> {
  const chains = await tx.select({ chainId: recordChains.id, number: recordChains.headNumber }).from(recordChains);
  for (let at = 0; at < chains.length; at += 500) {
    await tx.insert(eventStreamCursors).values(chains.slice(at, at + 500).map((chain) => ({ streamId, ...chain })));
  }
}
