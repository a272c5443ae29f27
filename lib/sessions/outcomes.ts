import { desc, eq } from "drizzle-orm";
import { unionAll } from "drizzle-orm/mysql-core";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";

/** Statements that a strip shows. */
export const STRIP_LENGTH = 40;

/** One statement's outcome: its error number, or null when it went well. */
export interface Outcome {
  readonly id: string;
  readonly errorNumber: number | null;
}

/** The outcomes of the last STRIP_LENGTH statements of each session, oldest first, in one query that reads an index only. */
export async function outcomeStrips(db: DbOrTx, sessionIds: readonly string[]): Promise<Map<string, Outcome[]>> {
  const strips = new Map<string, Outcome[]>(sessionIds.map((id) => [id, []]));
  const last = (id: string) =>
    db
      .select({ sessionId: statements.sessionId, id: statements.id, errorNumber: statements.errorNumber })
      .from(statements, { forceIndex: "statements_session" })
      .where(eq(statements.sessionId, id))
      .orderBy(desc(statements.id))
      .limit(STRIP_LENGTH);
  const [first, second, ...others] = sessionIds;
  if (first === undefined) {
    return strips;
  }
  const rows =
    second === undefined
      ? await last(first)
      : await unionAll(last(first), last(second), ...others.map((id) => last(id)));
  for (const { sessionId, ...outcome } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    strips.get(sessionId)?.push(outcome);
  }
  return strips;
}
