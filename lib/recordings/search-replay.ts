import { and, asc, eq, or } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { containsText } from "@/lib/db/like";
import { statements } from "@/lib/db/schema";
import { parseInput } from "@/lib/parse-input";
import type { StatementCommand } from "@/lib/statements/labels";
import { rowReader } from "./answer/decode";
import { readAnswer } from "./answer/read-answer";
import { type ChunkFrames, readChunkFrames } from "./chunk-frames";
import { readChunkHeads } from "./chunk-heads";
import type { Frame } from "./frame";
import { replayedSession } from "./get-replay";
import type { ReplayMatch, ReplaySearch } from "./replay-model";
import { CandidateScan } from "./search-scan";
import { readStatementFrames } from "./statement-frames";

/** Most statements of one answer. */
export const REPLAY_MATCHES = 500;
/** How long one search may take. */
const SEARCH_MS = 5_000;
const EXCERPT = 80;

/** What is searched for, ignoring case. */
export const replaySearch = z.string().trim().min(2).max(200);

/**
 * Finds the statements whose text, error or recorded values contain `text`. One chunk of the recording is in memory at a time, and the work
 * is bounded. Values shown as bytes are not searched. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND.
 */
export async function searchReplay(
  ctx: Ctx,
  sessionId: string,
  text: string,
  budgetMs = SEARCH_MS,
): Promise<ReplaySearch> {
  authorise(ctx, "recordings:view");
  const wanted = parseInput(replaySearch, text, "The text");
  const deadline = performance.now() + budgetMs;
  await replayedSession(ctx.db, sessionId);
  const said = await searchRows(ctx.db, sessionId, wanted);
  const values = await searchValues(ctx.db, sessionId, wanted, deadline);
  const matches = [...said, ...values.matches].toSorted((a, b) =>
    a.statementId < b.statementId ? -1 : Number(a.statementId > b.statementId),
  );
  return { matches, stoppedUs: values.stoppedUs };
}

async function searchRows(db: DbOrTx, sessionId: string, wanted: string): Promise<ReplayMatch[]> {
  const rows = await db
    .select({ id: statements.id, sql: statements.sql, error: statements.errorMessage })
    .from(statements, { forceIndex: "statements_session" })
    .where(
      and(
        eq(statements.sessionId, sessionId),
        or(containsText(statements.sql, wanted), containsText(statements.errorMessage, wanted)),
      ),
    )
    .orderBy(asc(statements.id))
    .limit(REPLAY_MATCHES);
  return rows.flatMap(({ id, sql, error }): ReplayMatch[] => {
    const inSql = excerptOf(sql, wanted);
    const inError = error === null ? null : excerptOf(error, wanted);
    // The store's collation also finds letters with other accents.
    const shown = inSql ?? (inError === null ? sql.slice(0, EXCERPT) : null);
    return [
      ...(shown === null ? [] : [{ statementId: id, where: "sql" as const, excerpt: shown, at: null }]),
      ...(inError === null ? [] : [{ statementId: id, where: "error" as const, excerpt: inError, at: null }]),
    ];
  });
}

/** The commands of statements, for reading their answers; a page of them at a time would cost more than these few bytes each. */
async function commandsOf(db: DbOrTx, sessionId: string): Promise<Map<string, StatementCommand>> {
  const rows = await db
    .select({ id: statements.id, command: statements.command })
    .from(statements, { forceIndex: "statements_session" })
    .where(eq(statements.sessionId, sessionId));
  return new Map(rows.map(({ id, command }) => [id, command]));
}

async function searchValues(db: DbOrTx, sessionId: string, wanted: string, deadline: number) {
  const [heads, commands] = await Promise.all([readChunkHeads(db, sessionId), commandsOf(db, sessionId)]);
  const scan = new CandidateScan(wanted, commands);
  const matches: ReplayMatch[] = [];
  const stopped = (atUs: number) => ({ matches, stoppedUs: atUs });
  const seen = new Set<string>();
  const load = (index: number): Promise<ChunkFrames> => {
    const head = heads[index];
    return head === undefined ? Promise.resolve([]) : readChunkFrames(db, head, false);
  };
  let next = load(0);
  for (const [index, head] of heads.entries()) {
    const frames = await next;
    // The next chunk is read and unpacked while this one is searched.
    next = load(index + 1);
    if (performance.now() > deadline) {
      await next.catch(() => undefined);
      return stopped(head.firstUs);
    }
    if (typeof frames === "string") continue;
    for (const id of scan.candidates(frames)) {
      if (seen.has(id)) continue;
      const own = isWithin(heads, head.id, id)
        ? frames.filter((frame) => frame.statementId === id)
        : (await readStatementFrames(db, heads, id)).frames;
      const match = matchIn(own, id, commands.get(id) ?? "query", wanted);
      if (match !== null) matches.push(match);
      seen.add(id);
      if (matches.length >= REPLAY_MATCHES || performance.now() > deadline) {
        await next.catch(() => undefined);
        return stopped(own.at(-1)?.atUs ?? head.lastUs);
      }
    }
  }
  return { matches, stoppedUs: null };
}

/** Whether no other chunk has frames of the statement. */
function isWithin(heads: Awaited<ReturnType<typeof readChunkHeads>>, chunkId: string, statementId: string): boolean {
  return heads.every(
    ({ id, firstStatementId, lastStatementId }) =>
      id === chunkId ||
      firstStatementId === null ||
      lastStatementId === null ||
      firstStatementId > statementId ||
      lastStatementId < statementId,
  );
}

/** The first value of an answer that contains the text. */
function matchIn(frames: readonly Frame[], id: string, command: StatementCommand, wanted: string): ReplayMatch | null {
  const { results } = readAnswer(frames, command);
  for (const [result, answered] of results.entries()) {
    if (answered.kind !== "rows") continue;
    const read = rowReader(answered);
    for (const [row, payload] of answered.rows.entries()) {
      for (const [column, value] of read(payload).values.entries()) {
        const excerpt = typeof value === "string" ? excerptOf(value, wanted) : null;
        if (excerpt !== null) return { statementId: id, where: "value", excerpt, at: { result, row, column } };
      }
    }
  }
  return null;
}

/** What is around the text; null when it is not there. */
function excerptOf(value: string, wanted: string): string | null {
  const at = value.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return null;
  const before = Math.max(0, Math.floor((EXCERPT - wanted.length) / 2));
  const start = Math.max(0, at - before);
  return value.slice(start, start + Math.max(EXCERPT, wanted.length));
}
