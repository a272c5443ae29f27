import { and, eq, lt } from "drizzle-orm";
import { drizzle } from "drizzle-orm/mysql2";
import type { Pool, PoolConnection } from "mysql2/promise";
import { auditEvents, sessions, statements } from "@/lib/db/schema";
import { type RecordItem, rowsOf } from "./batch";
import { bulkInsert } from "./bulk-insert";

/**
 * Writes a batch in one transaction: session starts before what refers to them, ends last. Writing it again changes nothing.
 * Rejects with the driver's error; nothing was written then.
 */
export async function writeBatch(pool: Pool, gatewayId: string, items: readonly RecordItem[]): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    await writeAll(connection, gatewayId, items);
    await connection.commit();
    connection.release();
  } catch (error) {
    // Not rolled back but closed: the server rolls back, and a connection of unknown state is never used again.
    connection.destroy();
    throw error;
  }
}

async function writeAll(connection: PoolConnection, gatewayId: string, items: readonly RecordItem[]): Promise<void> {
  const started = rowsOf(items, "start").map((row) => ({ ...row, gatewayId }));
  await bulkInsert(connection, sessions, started);
  await bulkInsert(connection, statements, rowsOf(items, "statement"));
  await bulkInsert(connection, auditEvents, rowsOf(items, "audit"));
  const db = drizzle(connection);
  for (const { id, statementCount, errorCount, lastStatementAt } of rowsOf(items, "totals")) {
    await db
      .update(sessions)
      .set({ statementCount, errorCount, lastStatementAt })
      // Never back: the end of a session brings the final numbers.
      .where(and(eq(sessions.id, id), lt(sessions.statementCount, statementCount)));
  }
  for (const { id, endedAt, reason, statementCount, errorCount, bytesIn, bytesOut } of rowsOf(items, "end")) {
    await db
      .update(sessions)
      .set({ endedAt, endReason: reason, statementCount, errorCount, bytesIn, bytesOut })
      .where(eq(sessions.id, id));
  }
}
