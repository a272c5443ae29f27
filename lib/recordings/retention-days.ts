import { and, eq, isNotNull } from "drizzle-orm";
import { recordingSettings } from "@/lib/connections/model";
import type { DbOrTx } from "@/lib/db/client";
import { connections, recordingChunks, sessions } from "@/lib/db/schema";

/** How long recordings of a connection that is gone are kept. */
export const DEFAULT_RETENTION_DAYS: number = recordingSettings.parse({}).retention_days;

/**
 * Days that recordings are kept, by the connection's name as they have it. A connection that was renamed is found by its sessions; one
 * that was deleted has the default.
 */
export async function retentionByName(db: DbOrTx): Promise<Map<string, number>> {
  const names = await db.selectDistinct({ name: recordingChunks.connectionName }).from(recordingChunks);
  const rows = await db.select({ name: connections.name, recording: connections.recording }).from(connections);
  const configured = new Map(rows.map(({ name, recording }) => [name, recording.retention_days]));
  const days = new Map<string, number>();
  for (const { name } of names) {
    days.set(name, configured.get(name) ?? (await daysOfRenamed(db, name)) ?? DEFAULT_RETENTION_DAYS);
  }
  return days;
}

/** The longest of the connections that had this name once; null when there are none. */
async function daysOfRenamed(db: DbOrTx, name: string): Promise<number | null> {
  const rows = await db
    .selectDistinct({ id: connections.id, recording: connections.recording })
    .from(sessions)
    .innerJoin(connections, eq(connections.id, sessions.connectionId))
    .where(and(eq(sessions.connectionName, name), isNotNull(sessions.connectionId)));
  return rows.length === 0 ? null : Math.max(...rows.map((row) => row.recording.retention_days));
}
