import type { ItemKind } from "../items";
import type { ChainKind } from "../model";

/** What can be wrong with a record. */
export const PROBLEM_CODES = [
  "key_untrusted",
  "signature",
  "batch_missing",
  "batch_order",
  "batch_hash",
  "batch_items",
  "chain_head",
  "chain_missing",
  "chain_unfinished",
  "chain_silent",
  "spool_place",
  "witness",
  "record_missing",
  "record_changed",
  "record_running",
  "record_twice",
  "record_unchained",
  "chunk_bytes",
  "chunk_removed",
  "session_count",
  "earlier_proof",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** A broken link: where, and what should be there. */
export interface Problem {
  readonly code: ProblemCode;
  readonly chain: string | null;
  readonly batch: number | null;
  readonly record: { readonly kind: ItemKind; readonly id: string } | null;
  /** One sentence: what is there, and what was expected. */
  readonly message: string;
}

/** How far a verification is. */
export interface Progress {
  readonly chains: number;
  readonly chainsDone: number;
  readonly items: number;
  readonly itemsDone: number;
  readonly problems: number;
}

/** Where a chain ends in a proof; what a later store has to hold still. */
export interface ProvenHead {
  readonly chain: string;
  readonly number: number;
  readonly hash: string;
  readonly items: number;
}

/** What of the record was looked at; a file says this of itself, and nobody has signed that. */
export interface Scope {
  /** Only this chain; null: all. */
  readonly chain: string | null;
  /** Only what was written since then; null: all. */
  readonly since: Date | null;
  /** Whether the bytes of recordings were. */
  readonly recordings: boolean;
}

export interface Verified {
  /** True only when everything in scope is as it was written. */
  readonly proven: boolean;
  readonly scope: Scope;
  /** The first `MAX_PROBLEMS`, in the order in which they were found. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  readonly chains: readonly {
    readonly id: string;
    readonly kind: ChainKind;
    readonly name: string;
    readonly open: boolean;
    readonly batches: number;
    readonly items: number;
  }[];
  readonly counts: {
    readonly batches: number;
    readonly auditEvents: number;
    readonly statements: number;
    readonly chunks: number;
    /** Chunks whose bytes retention has removed. */
    readonly removedChunks: number;
    /** Their outcome is not in the store yet. */
    readonly running: number;
    /** Rows from before there were chains. */
    readonly before: number;
  };
  /** Of the keys that are trusted. */
  readonly keys: readonly string[];
  readonly heads: readonly ProvenHead[];
  /** By the store's clock; for a file, when it says that it was written. */
  readonly at: Date;
  readonly tookMs: number;
}

/** As many are listed; all are counted. */
export const MAX_PROBLEMS = 1000;

/** Problems as they are found. */
export class Problems {
  readonly list: Problem[] = [];
  count = 0;

  add(
    code: ProblemCode,
    message: string,
    at: { chain?: string; batch?: number; record?: { readonly kind: ItemKind; readonly id: string } } = {},
  ): void {
    this.count += 1;
    if (this.list.length < MAX_PROBLEMS) {
      this.list.push({ code, chain: at.chain ?? null, batch: at.batch ?? null, record: at.record ?? null, message });
    }
  }
}

/** What a kind of record is called in a sentence. */
export const ITEM_NAMES: Readonly<Record<ItemKind, string>> = {
  audit_event: "audit event",
  statement: "statement",
  recording_chunk: "recording chunk",
};
