import { setTimeout as delay } from "node:timers/promises";
import { is } from "drizzle-orm";
import { MySqlTransaction } from "drizzle-orm/mysql-core";
import type { DbOrTx } from "./client";
import { DB_ERRNO, dbErrno } from "./errors";

const ATTEMPTS = 5;

/**
 * Runs `work` in one transaction and tries again, with a growing random pause, when the server chose it as a deadlock's victim
 * or it waited too long for a lock (1213, 1205; a Galera cluster reports a write conflict as 1213, also at COMMIT). `work` must have no effect outside the store.
 */
export async function inTransaction<T>(db: DbOrTx, work: (tx: DbOrTx) => Promise<T>): Promise<T> {
  const joins: boolean = is(db, MySqlTransaction);
  if (joins) {
    return work(db);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const errno = dbErrno(error);
      const retryable = errno === DB_ERRNO.deadlock || errno === DB_ERRNO.lockWaitTimeout;
      if (!retryable || attempt === ATTEMPTS) {
        throw error;
      }
      await delay(Math.random() * 20 * 2 ** attempt);
    }
  }
}
