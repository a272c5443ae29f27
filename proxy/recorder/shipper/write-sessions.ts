import { eq, type SQL, sql } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { isRowsOwnFault } from "./row-faults";
import type { SessionTotals, Work } from "./work";

/** Sessions in one statement. */
const RUN = 200;

/** Brings the totals of live sessions up to date, and ends those that ended; `refused` hears of ends that the store does not take. */
export async function writeSessions(
  tx: DbOrTx,
  { totals, ends }: Work,
  refused: (row: { readonly id: string }, error: unknown) => void,
): Promise<void> {
  for (let at = 0; at < totals.length; at += RUN) await writeTotals(tx, totals.slice(at, at + RUN));
  for (const { id, endedAt, reason, statementCount, errorCount, bytesIn, bytesOut, lastStatementAt } of ends) {
    const last = lastStatementAt === null ? {} : { lastStatementAt };
    await tx
      .update(sessions)
      .set({ endedAt, endReason: reason, statementCount, errorCount, bytesIn, bytesOut, ...last })
      .where(eq(sessions.id, id))
      .catch((error: unknown) => {
        if (!isRowsOwnFault(error)) throw error;
        refused({ id }, error);
      });
  }
}

/** One statement for many sessions. Never back: the end of a session brings the final numbers. */
async function writeTotals(tx: DbOrTx, run: readonly SessionTotals[]): Promise<void> {
  const choose = (value: (one: SessionTotals) => SQL): SQL =>
    sql`CASE ${sessions.id} ${sql.join(
      run.map((one) => sql`WHEN ${one.id} THEN ${value(one)}`),
      sql` `,
    )} END`;
  const ids = sql.join(
    run.map((one) => sql`${one.id}`),
    sql`, `,
  );
  await tx
    .update(sessions)
    .set({
      statementCount: sql`GREATEST(${sessions.statementCount}, ${choose((one) => sql`${one.statementCount}`)})`,
      errorCount: sql`GREATEST(${sessions.errorCount}, ${choose((one) => sql`${one.errorCount}`)})`,
      lastStatementAt: choose((one) => sql`${sql.param(one.lastStatementAt, sessions.lastStatementAt)}`),
    })
    .where(sql`${sessions.id} IN (${ids})`);
}
