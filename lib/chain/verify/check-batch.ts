import type { chainBatches } from "@/lib/db/schema";
import { type ChainItem, decodeItems, decodeProgress, NOTHING_SHIPPED, type SpoolProgress } from "../items";
import { batchHash, genesisHash } from "../model";
import { isSignedBy } from "../signer";
import type { Problems } from "./model";
import type { TrustedKeys } from "./trusted-keys";

export type BatchRow = typeof chainBatches.$inferSelect;

/** Where a walk along a chain is. */
export interface Walk {
  readonly number: number;
  readonly hash: string;
  readonly items: number;
  readonly final: boolean;
  /** When the last batch was written, as its writer signed it; null before the first. */
  readonly at: Date | null;
  /** How far a spool is, as the last batch that tells it has it; null: that stands before where the walk began. */
  readonly spool: SpoolProgress | null;
}

/** A walk before a chain's first batch. */
export function walkFromStart(chain: string): Walk {
  return { number: 0, hash: genesisHash(chain), items: 0, final: false, at: null, spool: NOTHING_SHIPPED };
}

/** A walk just before a batch, where what stands before it is not looked at. */
export function walkBefore(batch: BatchRow): Walk {
  const { number, previous, firstItem } = batch;
  return { number: number - 1, hash: previous, items: firstItem - 1, final: false, at: null, spool: null };
}

/** Null where the content is nothing that a hash is made of: a time that is none, witnesses that are no list. */
function hashOf(batch: BatchRow): string | null {
  try {
    return batchHash(batch);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}

/** Checks that a batch says what was signed, and by whom. Its items, when they can be believed. */
export function checkSigned(batch: BatchRow, keys: TrustedKeys, problems: Problems): ChainItem[] | null {
  const at = { chain: batch.chainId, batch: batch.number };
  const hash = hashOf(batch);
  const key = keys.get(batch.keyId);
  const before = problems.count;
  if (hash === null || hash !== batch.hash) {
    problems.add(
      "batch_hash",
      `the batch's content has ${hash === null ? "no hash" : `the hash ${hash}`}, and ${batch.hash} was written`,
      at,
    );
  } else if (key === undefined) {
    problems.add("key_untrusted", `the batch is signed by the key ${batch.keyId}, which is not trusted`, at);
  } else if (!isSignedBy(key, hash, batch.signature)) {
    problems.add("signature", `the batch's signature is not by the key ${batch.keyId}`, at);
  }
  if (hash === null) return null;
  const items = decodeItems(batch.items);
  if (items === null || items.length !== batch.count) {
    problems.add(
      "batch_items",
      `the batch lists ${items?.length ?? "unreadable"} records, and says ${batch.count}`,
      at,
    );
    return null;
  }
  return problems.count === before ? items : null;
}

/** Checks that a batch follows the one before it. */
export function checkOrder(walk: Walk, batch: BatchRow, problems: Problems): Walk {
  const at = { chain: batch.chainId, batch: batch.number };
  const { number, hash, firstItem, count, final } = batch;
  const spool = decodeProgress(batch.items) ?? walk.spool;
  const next = { number, hash, items: firstItem - 1 + count, final, at: batch.at, spool };
  if (walk.final) problems.add("batch_order", "the batch stands behind the chain's last one", at);
  if (batch.number !== walk.number + 1) {
    const [first, last] = [walk.number + 1, batch.number - 1];
    const which = first === last ? `batch ${first} is` : `batches ${first} to ${last} are`;
    problems.add("batch_missing", `${which} missing`, { chain: batch.chainId, batch: first });
  } else if (batch.previous !== walk.hash) {
    problems.add("batch_order", `the batch follows ${batch.previous}, and the batch before it has ${walk.hash}`, at);
  } else if (batch.firstItem !== walk.items + 1) {
    problems.add("batch_order", `the batch begins with record ${batch.firstItem} instead of ${walk.items + 1}`, at);
  }
  return next;
}
