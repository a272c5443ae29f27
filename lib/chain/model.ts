import { createHash } from "node:crypto";

/** Who writes a chain: a gateway's spool, a console, a gateway beside its spool, or the command line. */
export const CHAIN_KINDS = ["gateway", "console", "gateway_direct", "command"] as const;
export type ChainKind = (typeof CHAIN_KINDS)[number];

/** A chain's head as another chain saw it. */
export interface Witness {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
}

/** An open chain writes a batch at least this often, empty if need be; one that is silent for longer was cut or its writer is dead. */
export const CHAIN_BEAT_MS = 60_000;

/** A writer that was silent for so many beats is dead: the next beat of another one ends its chain. */
export const DEAD_BEATS = 3;

/** An open chain that was silent for so many beats was cut, or nobody is left to end it. Longer than it takes to end the chains of the dead. */
export const SILENT_BEATS = 5;

/** Hash that the first batch follows. */
export function genesisHash(chainId: string): string {
  return createHash("sha256").update(`sallyport-chain-1:${chainId}`).digest("hex");
}

/** What a batch's hash covers. */
export interface BatchContent {
  readonly chainId: string;
  readonly number: number;
  readonly firstItem: number;
  readonly count: number;
  /** See encodeItems. */
  readonly items: Buffer;
  readonly at: Date;
  readonly previous: string;
  readonly witnesses: readonly Witness[];
  readonly final: boolean;
  readonly note: string | null;
}

/** SHA-256 in hex over everything a batch says, the digests of its items and its spool's progress included. */
export function batchHash(batch: BatchContent): string {
  const { chainId, number, firstItem, count, items, at, previous, witnesses, final, note } = batch;
  const said = [
    "sallyport-batch-1",
    chainId,
    number,
    firstItem,
    count,
    createHash("sha256").update(items).digest("hex"),
    at.toISOString(),
    previous,
    witnesses.map((witness) => [witness.chain, witness.number, witness.hash]),
    final,
    note,
  ];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}
