import { createPublicKey } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { auditDigest, chunkDigest, statementDigest } from "@/lib/chain/digest";
import { decodeItems } from "@/lib/chain/items";
import { batchHash, genesisHash } from "@/lib/chain/model";
import { isSignedBy, type Signer } from "@/lib/chain/signer";
import type { Db } from "@/lib/db/client";
import { auditEvents, chainBatches, recordChains, recordingChunks, statements } from "@/lib/db/schema";

export interface CheckedChain {
  readonly problems: readonly string[];
  /** Ids of its items, in order. */
  readonly items: readonly string[];
  readonly batches: readonly (typeof chainBatches.$inferSelect)[];
  readonly final: boolean;
}

/** Goes through a chain from its first batch: hashes, signatures, numbers, and every item's row as the store gives it back. */
export async function checkChain(db: Db, signer: Signer, chainId: string): Promise<CheckedChain> {
  const batches = await db
    .select()
    .from(chainBatches)
    .where(eq(chainBatches.chainId, chainId))
    .orderBy(asc(chainBatches.number));
  const rows = new Map<string, Buffer>();
  for (const row of await db.select().from(auditEvents)) rows.set(row.id, auditDigest(row));
  for (const row of await db.select().from(statements)) rows.set(row.id, statementDigest(row));
  for (const row of await db.select().from(recordingChunks)) rows.set(row.id, chunkDigest(row));
  const key = createPublicKey(signer.publicKey);
  const problems: string[] = [];
  const items: string[] = [];
  let previous = genesisHash(chainId);
  for (const [index, batch] of batches.entries()) {
    const name = `batch ${batch.number}`;
    if (batch.number !== index + 1) problems.push(`${name} is not number ${index + 1}`);
    if (batch.previous !== previous) problems.push(`${name} follows another one`);
    if (batchHash(batch) !== batch.hash) problems.push(`${name} has another hash`);
    if (!isSignedBy(key, batch.hash, batch.signature)) problems.push(`${name} is not signed`);
    if (batch.firstItem !== items.length + 1) problems.push(`${name} begins at item ${batch.firstItem}`);
    for (const item of decodeItems(batch.items) ?? []) {
      const digest = rows.get(item.id);
      if (digest === undefined) problems.push(`${item.kind} ${item.id} has no row`);
      else if (!digest.equals(item.digest)) problems.push(`${item.kind} ${item.id} differs from its row`);
      items.push(item.id);
    }
    if (new Set(items).size !== items.length) problems.push(`${name} repeats an item`);
    previous = batch.hash;
  }
  const [chain] = await db.select().from(recordChains).where(eq(recordChains.id, chainId));
  if (chain?.headHash !== previous || chain.items !== items.length) problems.push("the head is another one");
  return { problems, items, batches, final: batches.at(-1)?.final ?? false };
}
