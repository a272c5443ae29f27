import { and, asc, eq, gt, gte, inArray, lt, notInArray } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { FIRST_ID, firstIdAt } from "@/lib/db/ulid-bounds";
import { selfTestIds } from "@/lib/self-test/self-test-ids";

const columns = {
  id: statements.id,
  sessionId: statements.sessionId,
  identityId: statements.identityId,
  at: statements.at,
  command: statements.command,
  defaultSchema: statements.defaultSchema,
  sql: statements.sql,
  sqlCut: statements.sqlCut,
  parameters: statements.parameters,
  rowCount: statements.rowCount,
  errorNumber: statements.errorNumber,
  statementClass: statements.statementClass,
  templateHash: statements.templateHash,
  effect: statements.effect,
  /** Null where no rule decided: the policy's default did. */
  ruleName: statements.ruleName,
  waitedUs: statements.waitedUs,
};

const read = (db: DbOrTx) => db.select(columns).from(statements);

/** One recorded statement, as far as it is decided on or learned from again. */
export type TrafficStatement = Awaited<ReturnType<typeof read>>[number];

/** Which part of the record. Both ends are instants of ids: `since` inclusive, `until` exclusive. */
export interface TrafficRange {
  readonly connectionName: string;
  readonly since: Date;
  readonly until: Date;
  /** Left out: everybody's. */
  readonly identityIds?: readonly string[];
}

const BATCH = 5_000;

/**
 * All recorded statements of a range but those of self-tests, oldest first, in batches: each batch one query, so that a long read holds
 * nothing open.
 */
export async function* readTraffic(
  db: DbOrTx,
  { connectionName, since, until, identityIds }: TrafficRange,
  batch: number = BATCH,
): AsyncGenerator<readonly TrafficStatement[]> {
  const attackers = await selfTestIds(db);
  const asked = and(
    eq(statements.connectionName, connectionName),
    lt(statements.id, firstIdAt(until)),
    attackers.length === 0 ? undefined : notInArray(statements.identityId, [...attackers]),
    identityIds === undefined ? undefined : inArray(statements.identityId, [...identityIds]),
  );
  let after = FIRST_ID;
  for (;;) {
    const from = after === FIRST_ID ? gte(statements.id, firstIdAt(since)) : gt(statements.id, after);
    const rows = await read(db).where(and(asked, from)).orderBy(asc(statements.id)).limit(batch);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    after = last.id;
  }
}
