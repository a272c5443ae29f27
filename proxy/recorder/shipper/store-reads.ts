import { and, eq, gt, inArray, isNull, ne, or, sql } from "drizzle-orm";
import type { ChainHead } from "@/lib/chain/append";
import type { Db } from "@/lib/db/client";
import { recordChains, recordingChunks, sessions, statements, statementTemplates } from "@/lib/db/schema";
import type { KnownSession } from "./open-sessions";
import type { KnownTemplate } from "./planner";
import type { StatementRow, TemplateKey } from "./work";

/** Ids in one question. */
const RUN = 500;

function* runs<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += RUN) yield all.slice(at, at + RUN);
}

/** Sessions with what is recorded of them so far: counted, because their rows are brought up to date later than their statements. */
export async function knownSessions(db: Db, ids: readonly string[]): Promise<KnownSession[]> {
  const known: KnownSession[] = [];
  for (const run of runs(ids)) {
    const list = [...run];
    const rows = await db.select().from(sessions).where(inArray(sessions.id, list));
    const counts = await db
      .select({
        id: statements.sessionId,
        statementCount: sql<number>`CAST(COUNT(*) AS SIGNED)`.mapWith(Number),
        errorCount: sql<number>`CAST(COUNT(${statements.errorNumber}) AS SIGNED)`.mapWith(Number),
        lastStatementAt: sql<Date | null>`MAX(${statements.at})`.mapWith(statements.at),
      })
      .from(statements)
      .where(and(inArray(statements.sessionId, list), ne(statements.state, "running")))
      .groupBy(statements.sessionId);
    const chunks = await db
      .select({
        id: recordingChunks.sessionId,
        number: sql<number>`MAX(${recordingChunks.number})`.mapWith(Number),
        lastSequence: sql<number>`MAX(${recordingChunks.lastSequence})`.mapWith(Number),
      })
      .from(recordingChunks)
      .where(inArray(recordingChunks.sessionId, list))
      .groupBy(recordingChunks.sessionId);
    const countOf = new Map(counts.map((row) => [row.id, row]));
    const chunkOf = new Map(chunks.map((row) => [row.id, row]));
    for (const { id, connectionName, startedAt, endedAt } of rows) {
      const { statementCount = 0, errorCount = 0, lastStatementAt = null } = countOf.get(id) ?? {};
      const { number = 0, lastSequence = -1 } = chunkOf.get(id) ?? {};
      known.push({
        id,
        connectionName,
        startedAt,
        ended: endedAt !== null,
        statementCount,
        errorCount,
        lastStatementAt,
        chunks: number,
        lastSequence,
      });
    }
  }
  return known;
}

export async function runningStatements(db: Db, ids: readonly string[]): Promise<StatementRow[]> {
  const found: StatementRow[] = [];
  for (const run of runs(ids)) {
    const wanted = and(inArray(statements.id, [...run]), eq(statements.state, "running"));
    found.push(...(await db.select().from(statements).where(wanted)));
  }
  return found;
}

/** Statements of a gateway's open sessions that run, as the store has it. */
export async function runningOf(db: Db, gatewayId: string): Promise<StatementRow[]> {
  const rows = await db
    .select({ statement: statements })
    .from(sessions)
    .innerJoin(statements, eq(statements.sessionId, sessions.id))
    .where(and(eq(sessions.gatewayId, gatewayId), eq(statements.state, "running")));
  return rows.map((row) => row.statement);
}

export async function knownTemplates(db: Db, keys: readonly TemplateKey[]): Promise<(TemplateKey & KnownTemplate)[]> {
  const { connectionName, templateHash, defaultSchema, reads, lastAt } = statementTemplates;
  const found: (TemplateKey & KnownTemplate)[] = [];
  for (const run of runs(keys)) {
    const rows = await db
      .select({ connectionName, templateHash, defaultSchema, reads, lastAt })
      .from(statementTemplates)
      .where(or(...run.map(isTemplate)));
    found.push(...rows);
  }
  return found;
}

export function isTemplate(key: TemplateKey) {
  return and(
    eq(statementTemplates.connectionName, key.connectionName),
    eq(statementTemplates.templateHash, key.templateHash),
    eq(statementTemplates.defaultSchema, key.defaultSchema),
  );
}

/** Ids of a gateway's sessions that somebody watches right now. */
export async function followedSessions(db: Db, gatewayId: string): Promise<Set<string>> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.gatewayId, gatewayId),
        isNull(sessions.endedAt),
        gt(sessions.followedUntil, sql`UTC_TIMESTAMP(3)`),
      ),
    );
  return new Set(rows.map((row) => row.id));
}

export interface StoredChain {
  readonly head: ChainHead;
  readonly ended: boolean;
}

/** A chain as its row has it; null when it is not there. How far its spool is tells only what was signed (lib/chain/signed-end). */
export async function storedChain(db: Db, id: string): Promise<StoredChain | null> {
  const [row] = await db.select().from(recordChains).where(eq(recordChains.id, id));
  if (row === undefined) return null;
  return {
    head: { chainId: id, number: row.headNumber, hash: row.headHash, items: row.items },
    ended: row.endedAt !== null,
  };
}
