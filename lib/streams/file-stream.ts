import { sql } from "drizzle-orm";
import { recordAudit } from "@/lib/audit/record";
import type { Actor } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { eventStreams } from "@/lib/db/schema";
import { inTransaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";

/** What the stream to a file is called until somebody renames it. */
export const FILE_STREAM_NAME = "file";
const ENVIRONMENT: Actor = { kind: "system", name: "console environment" };

/**
 * Makes the stream to a file, from the first record on, where the environment names a file and there is none yet. One for all consoles:
 * each record goes to the file of one of them. Resolves to whether it made it.
 */
export async function ensureFileStream(db: DbOrTx, file: string | null): Promise<boolean> {
  if (file === null) return false;
  try {
    return await inTransaction(db, async (tx) => {
      const others = await tx.select({ name: eventStreams.name, url: eventStreams.url }).from(eventStreams);
      if (others.some((one) => one.url === null)) return false;
      const id = newId();
      const taken = others.some((one) => one.name === FILE_STREAM_NAME);
      const name = taken ? `${FILE_STREAM_NAME}-${id.slice(-6).toLowerCase()}` : FILE_STREAM_NAME;
      const now = sql`UTC_TIMESTAMP(3)`;
      const stamp = { nextAttemptAt: now, createdAt: now, updatedAt: now, updatedBy: ENVIRONMENT.name };
      await tx.insert(eventStreams).values({ id, name, ...stamp });
      await recordAudit(tx, ENVIRONMENT, {
        action: "stream.created",
        object: { kind: "event_stream", id, name },
        detail: { after: { file, start: "beginning" } },
      });
      return true;
    });
  } catch (error) {
    // Another console made it at the same time.
    if (dbErrno(error) === DB_ERRNO.duplicate) return false;
    throw error;
  }
}
