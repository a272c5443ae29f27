import { eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { columnScans } from "@/lib/db/schema";
import { countOpen } from "./list";

/** How far a connection's columns have been looked at. */
export interface ScanProgress {
  /** When all of them had been looked at; null: not yet. */
  readonly scannedAt: Date | null;
  readonly error: string | null;
  /** Suggestions that nobody has reviewed. */
  readonly open: number;
}

/** Throws FORBIDDEN. */
export async function scanProgress(ctx: Ctx, connectionId: string): Promise<ScanProgress> {
  authorise(ctx, "findings:view");
  const [[scan], open] = await Promise.all([
    ctx.db
      .select({ scannedAt: columnScans.scannedAt, error: columnScans.lastError })
      .from(columnScans)
      .where(eq(columnScans.connectionId, connectionId)),
    countOpen(ctx, connectionId),
  ]);
  return { scannedAt: scan?.scannedAt ?? null, error: scan?.error ?? null, open };
}
