import { hostname } from "node:os";
import { eq, sql } from "drizzle-orm";
import { masterKey } from "@/lib/connections/credential";
import type { DbOrTx } from "@/lib/db/client";
import { recordChains } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import { type AppendOptions, appendBatch, type ChainHead, openChain } from "./append";
import type { ChainItem } from "./items";
import type { ChainKind, Witness } from "./model";
import { type Signer, signerFrom } from "./signer";

/** What this process writes to the store by itself, in a chain of its own. */
export interface ProcessChain {
  readonly kind: Exclude<ChainKind, "gateway">;
  readonly name: string;
  readonly signer: Signer;
  /** Another one when the chain was closed or cut under it. */
  id: string;
  /** The last head that was certainly in the store, by the store's name. */
  readonly seen: Map<string, ChainHead>;
}

/** On globalThis, because Next bundles pages, routes and instrumentation apart. */
const HOLDER = Symbol.for("sallyport.process-chain");
interface Holder {
  [HOLDER]?: { readonly named: Pick<ProcessChain, "kind" | "name">; readonly sign: () => Signer; chain?: ProcessChain };
}

/** The deployment's signing key. Throws INVALID_CONFIG without SALLYPORT_MASTER_KEY. */
export function deploymentSigner(): Signer {
  return signerFrom(masterKey().bytes);
}

/** Names this process's chain, once at its start. The first batch opens it, and asks for the key. */
export function startProcessChain(
  kind: ProcessChain["kind"],
  name: string,
  sign: () => Signer = deploymentSigner,
): void {
  const holder = globalThis as Holder;
  holder[HOLDER] = { named: { kind, name }, sign };
}

/** This process's chain. Throws INVALID_CONFIG when there is no key to sign with: nothing is written unsigned. */
export function processChain(): ProcessChain {
  const holder = globalThis as Holder;
  holder[HOLDER] ??= {
    named: { kind: "command", name: `process ${process.pid} on ${hostname()}` },
    sign: deploymentSigner,
  };
  const held = holder[HOLDER];
  held.chain ??= { ...held.named, signer: held.sign(), id: newId(), seen: new Map() };
  return held.chain;
}

/** Whether this process has tried to write to its chain. */
export function hasProcessChain(): boolean {
  return (globalThis as Holder)[HOLDER]?.chain !== undefined;
}

/** The head of this process's chain in the store, locked until the transaction ends, and what an earlier chain of it proves. */
interface Place {
  readonly head: ChainHead;
  readonly witnesses: readonly Witness[];
}

/** Transactions that have written to the chain already. */
const writing = new WeakSet<DbOrTx>();

const storeName = sql<string>`DATABASE()`;

async function lockHead(tx: DbOrTx, chain: ProcessChain): Promise<Place> {
  const { id, headNumber, headHash, items, endedAt } = recordChains;
  const [row] = await tx
    .select({ number: headNumber, hash: headHash, items, endedAt, store: storeName })
    .from(recordChains)
    .where(eq(id, chain.id))
    .for("update");
  const store = row?.store ?? (await nameOf(tx));
  const before = chain.seen.get(store);
  const mine = before?.chainId === chain.id ? before : undefined;
  if (row !== undefined && row.endedAt === null) {
    const head = { chainId: chain.id, number: row.number, hash: row.hash, items: row.items };
    if (mine === undefined || head.number > mine.number || (head.number === mine.number && head.hash === mine.hash)) {
      // What this transaction itself wrote may still be rolled back.
      if (!writing.has(tx)) chain.seen.set(store, head);
      return { head, witnesses: [] };
    }
  }
  // Closed by somebody who took this process for dead, or cut: the next chain says how far this one was.
  if (row !== undefined || mine !== undefined) chain.id = newId();
  const opened = await openChain(tx, chain.signer, chain.id, chain.kind, chain.name);
  const known = mine ?? null;
  return {
    head: opened,
    witnesses: known === null ? [] : [{ chain: known.chainId, number: known.number, hash: known.hash }],
  };
}

async function nameOf(tx: DbOrTx): Promise<string> {
  const [row] = await tx.select({ name: storeName }).from(sql`(SELECT 1) AS one`);
  return row?.name ?? "";
}

/**
 * Appends a signed batch to this process's chain in the caller's transaction; `write` puts down the rows, and is told where they stand.
 * The head is read in the transaction: what was rolled back or tried again leaves nothing behind. Take no other lock after it.
 */
export async function writeInProcessChain(
  tx: DbOrTx,
  items: readonly ChainItem[],
  write: (chainId: string, batch: number) => Promise<void>,
  options: Pick<AppendOptions, "witnesses" | "final" | "note"> = {},
): Promise<ChainHead> {
  const chain = processChain();
  const { head, witnesses } = await lockHead(tx, chain);
  writing.add(tx);
  await write(head.chainId, head.number + 1);
  return appendBatch(tx, chain.signer, head, items, {
    ...options,
    at: new Date(),
    witnesses: [...witnesses, ...(options.witnesses ?? [])],
  });
}

/** After a commit: the store has the chain up to here, and must never have less. */
export async function confirmHead(db: DbOrTx, head: ChainHead): Promise<void> {
  processChain().seen.set(await nameOf(db), head);
}
