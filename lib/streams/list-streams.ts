import { and, asc, eq, gt, sql } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { eventStreamCursors, eventStreams, recordChains } from "@/lib/db/schema";
import { type StreamState, streamState } from "./state";
import { type StreamView, streamColumns } from "./view";

/** A stream with how it fares. */
export interface ListedStream extends StreamView {
  readonly state: StreamState;
  /** Batches of all chains that it has not taken. */
  readonly behind: number;
}

/** All streams by name. Throws FORBIDDEN. */
export async function listStreams(ctx: Ctx): Promise<ListedStream[]> {
  authorise(ctx, "streams:edit");
  const rows = await ctx.db.select(streamColumns).from(eventStreams).orderBy(asc(eventStreams.name));
  const behind = await ctx.db
    .select({
      streamId: eventStreams.id,
      batches: sql`SUM(GREATEST(${recordChains.headNumber} - COALESCE(${eventStreamCursors.number}, 0), 0))`.mapWith(
        Number,
      ),
    })
    .from(eventStreams)
    .innerJoin(recordChains, gt(recordChains.headNumber, 0))
    .leftJoin(
      eventStreamCursors,
      and(eq(eventStreamCursors.streamId, eventStreams.id), eq(eventStreamCursors.chainId, recordChains.id)),
    )
    .groupBy(eventStreams.id);
  return rows.map((row) => {
    const batches = behind.find((one) => one.streamId === row.id)?.batches ?? 0;
    return { ...row, behind: batches, state: streamState(row, batches) };
  });
}

/** How far a stream is in one chain. */
export interface StreamPosition {
  readonly chainId: string;
  readonly name: string;
  readonly kind: (typeof recordChains.$inferSelect)["kind"];
  readonly open: boolean;
  readonly taken: number;
  readonly head: number;
  readonly seenAt: Date;
}

/** Chains that a stream's page lists: those it is behind in, then the latest. */
const POSITIONS = 50;

/** One stream with where it stands, or null. Throws FORBIDDEN. */
export async function getStream(
  ctx: Ctx,
  id: string,
): Promise<(ListedStream & { readonly positions: readonly StreamPosition[] }) | null> {
  const stream = (await listStreams(ctx)).find((one) => one.id === id);
  if (stream === undefined) return null;
  const taken = sql`COALESCE(${eventStreamCursors.number}, 0)`;
  const rows = await ctx.db
    .select({ chain: recordChains, taken: taken.mapWith(Number) })
    .from(recordChains)
    .leftJoin(
      eventStreamCursors,
      and(eq(eventStreamCursors.streamId, id), eq(eventStreamCursors.chainId, recordChains.id)),
    )
    .orderBy(sql`${recordChains.headNumber} > ${taken} DESC`, sql`${recordChains.seenAt} DESC`)
    .limit(POSITIONS);
  return {
    ...stream,
    positions: rows.map(({ chain, taken: number }) => ({
      chainId: chain.id,
      name: chain.name,
      kind: chain.kind,
      open: chain.endedAt === null,
      taken: number,
      head: chain.headNumber,
      seenAt: chain.seenAt,
    })),
  };
}
