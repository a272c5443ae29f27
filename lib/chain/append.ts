import { and, eq, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { chainBatches, recordChains, signingKeys } from "@/lib/db/schema";
import { type ChainItem, encodeItems, type SpoolProgress } from "./items";
import { batchHash, type ChainKind, genesisHash, type Witness } from "./model";
import type { Signer } from "./signer";

/** Where a chain ends. */
export interface ChainHead {
  readonly chainId: string;
  /** Of the last batch, 0 before the first. */
  readonly number: number;
  readonly hash: string;
  /** Items so far. */
  readonly items: number;
}

/** The store's chain does not end where its only writer left it: somebody changed it, or there are two writers. */
export class ChainConflict extends Error {
  readonly head: ChainHead;

  constructor(head: ChainHead) {
    super(`the chain ${head.chainId} does not end at batch ${head.number} any more`);
    this.name = "ChainConflict";
    this.head = head;
  }
}

/** Opens a chain and makes its signer's public key known. */
export async function openChain(
  db: DbOrTx,
  signer: Signer,
  id: string,
  kind: ChainKind,
  name: string,
): Promise<ChainHead> {
  const now = sql`UTC_TIMESTAMP(3)`;
  await db
    .insert(signingKeys)
    .values({ id: signer.keyId, publicKey: signer.publicKey, createdAt: now })
    .onDuplicateKeyUpdate({ set: { id: sql`${signingKeys.id}` } });
  const head: ChainHead = { chainId: id, number: 0, hash: genesisHash(id), items: 0 };
  await db
    .insert(recordChains)
    .values({ id, kind, name: name.slice(0, 255), startedAt: now, seenAt: now, headHash: head.hash })
    .onDuplicateKeyUpdate({ set: { id: sql`${recordChains.id}` } });
  return head;
}

export interface AppendOptions {
  readonly at: Date;
  readonly witnesses?: readonly Witness[];
  readonly final?: boolean;
  readonly note?: string | null;
  /** With this batch; it is signed with the items. */
  readonly spool?: SpoolProgress;
}

/**
 * Adds a signed batch behind `head`, in the transaction that writes the rows of its items. Throws ChainConflict when the chain in the
 * store ends elsewhere or is closed; nothing may be committed then.
 */
export async function appendBatch(
  tx: DbOrTx,
  signer: Signer,
  head: ChainHead,
  items: readonly ChainItem[],
  options: AppendOptions,
): Promise<ChainHead> {
  const { at, witnesses = [], final = false, note = null, spool } = options;
  const content = {
    chainId: head.chainId,
    number: head.number + 1,
    firstItem: head.items + 1,
    count: items.length,
    items: encodeItems(items, spool),
    at,
    previous: head.hash,
    witnesses,
    final,
    note,
  };
  const hash = batchHash(content);
  const next: ChainHead = {
    chainId: head.chainId,
    number: content.number,
    hash,
    items: head.items + items.length,
  };
  const [moved] = await tx
    .update(recordChains)
    .set({
      headNumber: next.number,
      headHash: hash,
      items: next.items,
      seenAt: sql`UTC_TIMESTAMP(3)`,
      ...(final ? { endedAt: sql`UTC_TIMESTAMP(3)` } : {}),
      ...(spool === undefined
        ? {}
        : { spoolSegment: spool.segment, spoolOffset: spool.offset, spoolSequence: spool.sequence }),
    })
    .where(
      and(
        eq(recordChains.id, head.chainId),
        eq(recordChains.headNumber, head.number),
        eq(recordChains.headHash, head.hash),
        sql`${recordChains.endedAt} IS NULL`,
      ),
    );
  if (moved.affectedRows !== 1) throw new ChainConflict(head);
  await tx.insert(chainBatches).values({ ...content, hash, keyId: signer.keyId, signature: signer.sign(hash) });
  return next;
}
