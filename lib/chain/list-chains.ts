import { and, asc, count, desc, eq, isNull, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { chainBatches, recordChains } from "@/lib/db/schema";
import { CHAIN_BEAT_MS, type ChainKind, SILENT_BEATS } from "./model";

export interface ListedChain {
  readonly id: string;
  readonly kind: ChainKind;
  readonly name: string;
  readonly startedAt: Date;
  readonly seenAt: Date;
  readonly endedAt: Date | null;
  /** Open, and nothing was written for longer than its writer may be silent. */
  readonly silent: boolean;
  readonly batches: number;
  readonly items: number;
  /** The key of its last batch, as the store says; null before the first one. */
  readonly keyId: string | null;
}

export interface ListedChains {
  /** Open ones first, then those that ended last. */
  readonly chains: readonly ListedChain[];
  readonly open: number;
  readonly closed: number;
}

const SHOWN = 30;

/** The record's chains, as the store has them; only verification proves them. Throws FORBIDDEN. */
export async function listChains(ctx: Ctx): Promise<ListedChains> {
  authorise(ctx, "audit:view");
  const { id, headNumber, endedAt, seenAt } = recordChains;
  const late = sql.raw(String(SILENT_BEATS * CHAIN_BEAT_MS * 1000));
  const rows = await ctx.db
    .select({
      id,
      kind: recordChains.kind,
      name: recordChains.name,
      startedAt: recordChains.startedAt,
      seenAt,
      endedAt,
      silent: sql<number>`${endedAt} IS NULL AND ${seenAt} < UTC_TIMESTAMP(3) - INTERVAL ${late} MICROSECOND`,
      batches: headNumber,
      items: recordChains.items,
      keyId: chainBatches.keyId,
    })
    .from(recordChains)
    .leftJoin(chainBatches, and(eq(chainBatches.chainId, id), eq(chainBatches.number, headNumber)))
    .orderBy(asc(sql`${endedAt} IS NOT NULL`), desc(seenAt))
    .limit(SHOWN);
  const [all] = await ctx.db.select({ chains: count() }).from(recordChains);
  const [open] = await ctx.db.select({ chains: count() }).from(recordChains).where(isNull(endedAt));
  return {
    chains: rows.map((row) => ({ ...row, silent: Number(row.silent) === 1 })),
    open: open?.chains ?? 0,
    closed: (all?.chains ?? 0) - (open?.chains ?? 0),
  };
}
