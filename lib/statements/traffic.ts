import { and, asc, eq, gt, gte, inArray, lt, notInArray, type SQL } from "drizzle-orm";
import { type ConnectionRef, namesOf } from "@/lib/connections/names-of";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { firstIdAt } from "@/lib/db/ulid-bounds";
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
  readonly connection: ConnectionRef;
  readonly since: Date;
  readonly until: Date;
  /** Left out: everybody's. */
  readonly identityIds?: readonly string[];
}

const BATCH = 5_000;

/**
 * All recorded statements of a connection in a range, under each of its names, but those of self-tests, oldest first, in batches. What a
 * deleted connection of the same name did is not among them. Each batch is a query of its own, so that a long read holds nothing open.
 */
export async function* readTraffic(
  db: DbOrTx,
  { connection, since, until, identityIds }: TrafficRange,
  batch: number = BATCH,
): AsyncGenerator<readonly TrafficStatement[]> {
  const attackers = await selfTestIds(db);
  const names = await namesOf(db, connection);
  const asked = and(
    eq(statements.connectionId, connection.id),
    lt(statements.id, firstIdAt(until)),
    attackers.length === 0 ? undefined : notInArray(statements.identityId, [...attackers]),
    identityIds === undefined ? undefined : inArray(statements.identityId, [...identityIds]),
  );
  // One name after the other would be read by its index as well, and out of order.
  yield* inOrder(
    names.map((name) => readNamed(db, and(eq(statements.connectionName, name), asked), firstIdAt(since), batch)),
  );
}

type Batches = AsyncGenerator<readonly TrafficStatement[]>;

async function* readNamed(db: DbOrTx, asked: SQL | undefined, first: string, batch: number): Batches {
  let from = gte(statements.id, first);
  for (;;) {
    const rows = await read(db).where(and(asked, from)).orderBy(asc(statements.id)).limit(batch);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < batch) return;
    from = gt(statements.id, last.id);
  }
}

/** Merges sources, each of which is in order. */
async function* inOrder(sources: readonly Batches[]): Batches {
  const next = async (source: Batches) => {
    const { done, value } = await source.next();
    return { source, rows: done === true ? [] : value };
  };
  let heads = await Promise.all(sources.map(next));
  for (;;) {
    heads = heads.filter(({ rows }) => rows.length > 0);
    const ends = heads.flatMap(({ rows }) => rows.at(-1)?.id ?? []).sort();
    const [end] = ends;
    if (end === undefined) return;
    // Up to where the first of them ends nothing is missing.
    const whole = heads.map(({ source, rows }) => {
      const beyond = rows.findIndex(({ id }) => id > end);
      const cut = beyond === -1 ? rows.length : beyond;
      return { source, now: rows.slice(0, cut), later: rows.slice(cut) };
    });
    yield whole.flatMap(({ now }) => now).sort((a, b) => (a.id < b.id ? -1 : 1));
    heads = await Promise.all(
      whole.map(({ source, later }) => (later.length > 0 ? { source, rows: later } : next(source))),
    );
  }
}
