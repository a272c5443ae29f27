import { and, desc, eq, gt, inArray, isNull, lt, lte, ne, or, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "@/lib/db/client";
import { chainBatches, recordChains } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { type Repeating, repeat } from "@/lib/repeat";
import { appendBatch } from "./append";
import { CHAIN_BEAT_MS, DEAD_BEATS, type Witness } from "./model";
import { confirmHead, hasProcessChain, processChain, writeInProcessChain } from "./process-chain";
import type { Signer } from "./signer";

/** Heads of other chains that go into one batch; which of more is left to chance, so that the busiest are not all that is ever named. */
const MAX_WITNESSES = 20;
/** Of chains that ended while nobody beat: the first beat of a process names the last ones. */
const MAX_ENDED = 100;
/** A gateway's spool is adopted by the gateways of its machine; after this time nobody will. */
const SPOOL_GIVEN_UP_MS = 24 * 3_600_000;
const CLOSE_AT_ONCE = 50;
/** Well under the beat: a slow store and a paused process have some time left. */
const EVERY_MS = Math.floor(CHAIN_BEAT_MS * 0.7);

const DIRECT_KINDS = ["console", "command", "gateway_direct"] as const;

const ago = (ms: number) => sql`UTC_TIMESTAMP(3) - INTERVAL ${sql.raw(String(ms * 1000))} MICROSECOND`;

/** Heads of chains that others write, or have just ended, for a batch of the chain `own`; `first`: also of those that ended long ago. */
export async function witnessesFor(db: DbOrTx, own: string, first = false): Promise<Witness[]> {
  const { id, headNumber, headHash, endedAt } = recordChains;
  const head = { chain: id, number: headNumber, hash: headHash };
  const others = and(ne(id, own), gt(headNumber, 0));
  const now = await db
    .select(head)
    .from(recordChains)
    .where(and(others, or(isNull(endedAt), gt(endedAt, ago(2 * CHAIN_BEAT_MS)))))
    .orderBy(sql`RAND()`)
    .limit(MAX_WITNESSES);
  if (!first) return now;
  const before = await db
    .select(head)
    .from(recordChains)
    .where(and(others, lte(endedAt, ago(2 * CHAIN_BEAT_MS))))
    .orderBy(desc(endedAt))
    .limit(MAX_ENDED);
  return [...now, ...before];
}

/** One beat: a batch of this process's chain that names the heads of others, then a last batch for the chains of processes that died. */
export async function beat(db: Db, first = false): Promise<void> {
  const { signer, name } = processChain();
  const witnesses = await witnessesFor(db, processChain().id, first);
  const head = await inTransaction(db, (tx) => writeInProcessChain(tx, [], async () => undefined, { witnesses }));
  await confirmHead(db, head);
  await closeDeadChains(db, signer, name);
}

/** Closes this process's chain, if it wrote one to this store. Nothing may be recorded afterwards, or another chain begins. */
export async function endProcessChain(db: Db): Promise<void> {
  if (!hasProcessChain()) return;
  const chain = processChain();
  const [row] = await db
    .select({ endedAt: recordChains.endedAt })
    .from(recordChains)
    .where(eq(recordChains.id, chain.id));
  if (row === undefined || row.endedAt !== null) return;
  const witnesses = await witnessesFor(db, chain.id);
  await inTransaction(db, (tx) => writeInProcessChain(tx, [], async () => undefined, { witnesses, final: true }));
}

/** Beats at once and then until it is stopped. */
export function startBeat(db: Db, onError: (error: unknown) => void): Repeating {
  const first = beat(db, true).catch(onError);
  const rest = repeat(() => beat(db), EVERY_MS, onError);
  return { stop: () => Promise.all([first, rest.stop()]).then(() => undefined) };
}

/**
 * Gives a last batch to chains whose writer ended without a word. One that does not end in the batch its head names is left as it is:
 * closing it would hide that it was cut. Returns the ids.
 */
export async function closeDeadChains(db: Db, signer: Signer, by: string): Promise<string[]> {
  const { id, kind, seenAt, endedAt } = recordChains;
  const dead = and(
    isNull(endedAt),
    or(
      and(inArray(kind, [...DIRECT_KINDS]), lt(seenAt, ago(DEAD_BEATS * CHAIN_BEAT_MS))),
      lt(seenAt, ago(SPOOL_GIVEN_UP_MS)),
    ),
  );
  const found = await db.select({ id }).from(recordChains).where(dead).limit(CLOSE_AT_ONCE);
  const closed: string[] = [];
  for (const one of found) {
    if (await inTransaction(db, (tx) => closeOne(tx, one.id, dead, signer, by))) closed.push(one.id);
  }
  return closed;
}

async function closeOne(
  tx: DbOrTx,
  id: string,
  dead: ReturnType<typeof and>,
  signer: Signer,
  by: string,
): Promise<boolean> {
  const [row] = await tx
    .select()
    .from(recordChains)
    .where(and(eq(recordChains.id, id), dead))
    .for("update");
  if (row === undefined) return false;
  const { headNumber, headHash, items } = row;
  if (headNumber > 0) {
    const [last] = await tx
      .select({ hash: chainBatches.hash, keyId: chainBatches.keyId, signature: chainBatches.signature })
      .from(chainBatches)
      .where(and(eq(chainBatches.chainId, id), eq(chainBatches.number, headNumber)));
    if (last?.hash !== headHash) return false;
    if (last.keyId === signer.keyId && last.signature !== signer.sign(headHash)) return false;
  }
  const note = `closed by ${by}: its writer ended without a word`.slice(0, 255);
  const head = { chainId: id, number: headNumber, hash: headHash, items };
  await appendBatch(tx, signer, head, [], { at: new Date(), final: true, note });
  return true;
}
