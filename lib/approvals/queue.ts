import type { Ctx } from "@/lib/ctx";
import type { PendingFilter } from "./filter";
import { listPending, type PendingApproval } from "./list-pending";
import { type Settled, whatBecame } from "./what-became";

/** Requests that one page may ask about again. */
export const KNOWN_LIMIT = 500;

/** The queue, as an open page follows it. */
export interface QueueAnswer {
  readonly rows: readonly PendingApproval[];
  /** There are more than are listed. */
  readonly more: boolean;
  /** Of the requests the page knows: those that have ended. */
  readonly settled: readonly Settled[];
  readonly now: Date;
}

/** The open requests that meet the filter, and what became of those that the page shows already. Throws FORBIDDEN, INVALID_INPUT. */
export async function readQueue(
  ctx: Ctx,
  filter: PendingFilter = {},
  known: readonly string[] = [],
  now: Date = new Date(),
): Promise<QueueAnswer> {
  const { rows, more } = await listPending(ctx, filter, now);
  const waiting = new Set(rows.map((row) => row.id));
  const settled = await whatBecame(
    ctx,
    known.filter((id) => !waiting.has(id)),
    now,
  );
  return { rows, more, settled, now };
}
