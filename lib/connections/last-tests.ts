import { and, eq, inArray, max } from "drizzle-orm";
import { z } from "zod";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";

/** What a connection test left in its audit event. */
export const testDetail = z.object({
  failedStep: z.string().nullable(),
  latencyMs: z.number().nullable(),
  warnings: z.number(),
});

export interface LastTest {
  readonly at: Date;
  readonly ok: boolean;
  /** The step that failed, e.g. "login". */
  readonly failedStep: string | null;
  /** Round trip of one statement, in milliseconds. */
  readonly latencyMs: number | null;
  readonly by: string;
}

/** The newest test of each connection's stored values, by connection id. */
export async function lastTests(db: DbOrTx, connectionIds: readonly string[]): Promise<Map<string, LastTest>> {
  const newest = await db
    .select({ id: max(auditEvents.id) })
    .from(auditEvents)
    .where(and(eq(auditEvents.action, "connection.tested"), inArray(auditEvents.objectId, [...connectionIds])))
    .groupBy(auditEvents.objectId);
  const ids = newest.flatMap((row) => (row.id === null ? [] : [row.id]));
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await db.select().from(auditEvents).where(inArray(auditEvents.id, ids));
  return new Map(
    rows.flatMap((row) => {
      const detail = testDetail.safeParse(row.detail);
      if (row.objectId === null || !detail.success) return [];
      const { failedStep, latencyMs } = detail.data;
      return [[row.objectId, { at: row.at, ok: row.result === "ok", failedStep, latencyMs, by: row.actorName }]];
    }),
  );
}
