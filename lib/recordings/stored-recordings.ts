import { and, count, countDistinct, eq, isNull, lt, max, min, sum } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { RecordingSettings } from "@/lib/connections/model";
import type { Ctx } from "@/lib/ctx";
import { connections, recordingChunks } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { ulidText } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { retentionLimit } from "./apply-retention";
import { DEFAULT_RETENTION_DAYS, retentionByName } from "./retention-days";

/** What is stored of one connection's recordings. */
export interface StoredRecordings {
  readonly connection: string;
  /** null: there is no connection of this name any more. */
  readonly settings: RecordingSettings | null;
  readonly retentionDays: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly oldest: Date | null;
  /** When the oldest chunk has had its days. */
  readonly nextRemoval: Date | null;
  /** Chunks whose bytes were removed, and when the last of them were. */
  readonly removed: number;
  readonly lastRemoval: Date | null;
}

/** All connections and what else has recordings, by name. Throws FORBIDDEN. */
export async function storedRecordings(ctx: Ctx): Promise<StoredRecordings[]> {
  authorise(ctx, "connections:edit");
  const { db } = ctx;
  const [configured, days, kept, gone] = await Promise.all([
    db.select({ name: connections.name, settings: connections.recording }).from(connections),
    retentionByName(db),
    db
      .select({
        name: recordingChunks.connectionName,
        chunks: count(),
        bytes: sum(recordingChunks.storedBytes).mapWith(Number),
        oldest: min(recordingChunks.at),
      })
      .from(recordingChunks)
      .where(isNull(recordingChunks.expiredAt))
      .groupBy(recordingChunks.connectionName),
    db
      .select({
        name: recordingChunks.connectionName,
        chunks: count(recordingChunks.expiredAt),
        last: max(recordingChunks.expiredAt),
      })
      .from(recordingChunks)
      .groupBy(recordingChunks.connectionName),
  ]);
  const names = [...new Set([...configured.map((one) => one.name), ...days.keys()])].toSorted();
  return names.map((connection) => {
    const settings = configured.find((one) => one.name === connection)?.settings ?? null;
    const retentionDays = settings?.retention_days ?? days.get(connection) ?? DEFAULT_RETENTION_DAYS;
    const stored = kept.find((one) => one.name === connection);
    const removed = gone.find((one) => one.name === connection);
    const oldest = stored?.oldest ?? null;
    return {
      connection,
      settings,
      retentionDays,
      chunks: stored?.chunks ?? 0,
      bytes: stored?.bytes ?? 0,
      oldest,
      nextRemoval:
        oldest === null ? null : new Date(oldest.getTime() - retentionLimit(new Date(0), retentionDays).getTime()),
      removed: removed?.chunks ?? 0,
      lastRemoval: removed?.last ?? null,
    };
  });
}

export const shorterRetention = z.strictObject({
  connectionId: ulidText,
  days: z.coerce.number().int().min(1).max(3650),
});

/** What would be removed at once if a connection kept its recordings for `days`: so many sessions lose some or all of theirs. Throws FORBIDDEN, NOT_FOUND. */
export async function removedWithin(
  ctx: Ctx,
  input: z.input<typeof shorterRetention>,
): Promise<{ readonly sessions: number; readonly bytes: number }> {
  authorise(ctx, "connections:edit");
  const { connectionId, days } = parseInput(shorterRetention, input, "The question");
  const [row] = await ctx.db
    .select({ name: connections.name })
    .from(connections)
    .where(eq(connections.id, connectionId));
  if (row === undefined) throw new SallyportError("NOT_FOUND", "There is no such connection");
  const [found] = await ctx.db
    .select({
      sessions: countDistinct(recordingChunks.sessionId),
      bytes: sum(recordingChunks.storedBytes).mapWith(Number),
    })
    .from(recordingChunks)
    .where(
      and(
        eq(recordingChunks.connectionName, row.name),
        isNull(recordingChunks.expiredAt),
        lt(recordingChunks.at, retentionLimit(await storeNow(ctx.db), days)),
      ),
    );
  return { sessions: found?.sessions ?? 0, bytes: found?.bytes ?? 0 };
}
