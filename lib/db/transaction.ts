import { setTimeout as delay } from "node:timers/promises";
import { is } from "drizzle-orm";
import { MySqlTransaction } from "drizzle-orm/mysql-core";
import type { DbOrTx } from "./client";
import { DB_ERRNO, dbErrno } from "./errors";

const ATTEMPTS = 5;

type LastStep = (tx: DbOrTx) => Promise<void>;

/** What is left to do in a running transaction, by the transaction. */
const lastSteps = new WeakMap<DbOrTx, LastStep[]>();

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
      return await db.transaction((tx) => withLastSteps(tx, work));
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

async function withLastSteps<T>(tx: DbOrTx, work: (tx: DbOrTx) => Promise<T>): Promise<T> {
  const steps: LastStep[] = [];
  lastSteps.set(tx, steps);
  const result = await work(tx);
  lastSteps.delete(tx);
  for (const step of steps) await step(tx);
  return result;
}

/**
 * Puts off a step until the work of this transaction is done, so that a lock that everybody wants is taken last and held shortest, and
 * never before another. False when the transaction is not one of `inTransaction`, or over: the step is then the caller's to run.
 */
export function beforeCommit(tx: DbOrTx, step: LastStep): boolean {
  const steps = lastSteps.get(tx);
  steps?.push(step);
  return steps !== undefined;
}
