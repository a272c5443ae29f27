import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { statements } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import type { SessionFacts } from "@/lib/sessions/rows";
import { decodeAnswer } from "./answer/decode";
import { type Answer, readAnswer } from "./answer/read-answer";
import { type ChunkHead, readChunkHeads } from "./chunk-heads";
import { executionParameters } from "./execution-parameters";
import { replayedSession } from "./get-replay";
import { readHeldStatement } from "./held-statements";
import { keptParameters } from "./kept-parameters";
import type { ReplayResult, ReplayStatement, StatementReplay } from "./replay-model";
import { timelineColumns, timelineStatement } from "./replay-rows";
import { readStatementFrames, type StatementFrames } from "./statement-frames";

/** Most rows of one answer. */
export const REPLAY_ROWS = 2_000;

/** Which rows of each result are wanted. */
export const rowWindow = z.strictObject({
  from: z.coerce.number().int().min(0).default(0),
  rows: z.coerce.number().int().min(1).max(REPLAY_ROWS).default(200),
});
export type RowWindowInput = z.input<typeof rowWindow>;

const detailColumns = {
  ...timelineColumns,
  wholeSql: statements.sql,
  sqlBytes: statements.sqlBytes,
  sqlCut: statements.sqlCut,
  keptParameters: statements.parameters,
  defaultSchema: statements.defaultSchema,
  policyName: statements.policyName,
  ruleName: statements.ruleName,
  decisionReason: statements.decisionReason,
  errorMessage: statements.errorMessage,
  masking: statements.masking,
};

/** One statement's row as a replay needs it. */
export function selectReplayed(db: DbOrTx) {
  return db.select(detailColumns).from(statements);
}
export type ReplayedRow = Awaited<ReturnType<typeof selectReplayed>>[number];

/**
 * One statement in full, with a window of the rows that the client got. Throws FORBIDDEN, INVALID_INPUT, and NOT_FOUND for a statement
 * that is not the session's.
 */
export async function getStatementReplay(
  ctx: Ctx,
  sessionId: string,
  statementId: string,
  input: RowWindowInput = {},
): Promise<StatementReplay> {
  authorise(ctx, "recordings:view");
  const window = parseInput(rowWindow, input, "The window of rows");
  const [session, [row], heads] = await Promise.all([
    replayedSession(ctx.db, sessionId),
    selectReplayed(ctx.db).where(and(eq(statements.id, statementId), eq(statements.sessionId, sessionId))),
    readChunkHeads(ctx.db, sessionId),
  ]);
  if (row === undefined) {
    const held = await readHeldStatement(ctx.db, session, statementId);
    if (held !== null) return held;
    throw new SallyportError("NOT_FOUND", "There is no such statement in this session", {
      next: "It may not have been recorded yet, or its retention time is over",
    });
  }
  const recorded = await readRecorded(ctx.db, session, heads, row);
  const decoded = decodeAnswer(recorded.answer, { masking: row.masking ?? null, rows: row.rows }, window);
  const statement = timelineStatement(timelineOf(row), session.startedAt);
  const within = momentsWithin(statement);
  return {
    statement,
    sql: row.wholeSql,
    sqlBytes: row.sqlBytes,
    sqlCut: row.sqlCut,
    defaultSchema: row.defaultSchema,
    parameters: await parametersOf(ctx.db, heads, row, recorded.held),
    decision: {
      effect: row.effect,
      policyName: row.policyName,
      ruleName: row.ruleName,
      reason: row.decisionReason,
      exempt: row.masking?.exempt ?? [],
    },
    error: row.errorNumber === null ? null : { errno: row.errorNumber, message: row.errorMessage ?? "" },
    missing: decoded.readable ? recorded.missing : "damaged",
    results: decoded.results.map((result) => inTime(result, within)),
    firstByteUs: recorded.answer.firstByteUs === null ? null : within(recorded.answer.firstByteUs),
  };
}

/**
 * Frames have a clock of their own, which counts microseconds from the session's start; statements have the store's milliseconds. So that
 * an answer is whole when its statement is over, no moment of it is outside of it.
 */
function momentsWithin({ atUs, durationUs, state }: ReplayStatement): (us: number) => number {
  const endUs = state === "done" ? atUs + durationUs : Number.POSITIVE_INFINITY;
  return (us) => Math.min(Math.max(us, atUs), endUs);
}

function inTime(result: ReplayResult, within: (us: number) => number): ReplayResult {
  return result.kind === "rows"
    ? { ...result, rowsAtUs: result.rowsAtUs.map(within) }
    : { ...result, atUs: within(result.atUs) };
}

/** What is recorded of a statement's answer, and why something of it is not there. */
export interface Recorded {
  readonly held: StatementFrames;
  readonly answer: Answer;
  readonly missing: StatementReplay["missing"];
}

/** Reads a statement's frames and what they say. */
export async function readRecorded(
  db: DbOrTx,
  session: SessionFacts,
  heads: readonly ChunkHead[],
  row: Pick<ReplayedRow, "id" | "command" | "waitedUs" | "errorNumber">,
): Promise<Recorded> {
  const held = await readStatementFrames(db, heads, row.id);
  const answer = readAnswer(held.frames, row.command);
  return { held, answer, missing: missingOf(session, held, answer, row) };
}

function missingOf(
  session: SessionFacts,
  { lost, frames }: StatementFrames,
  answer: Answer,
  row: Pick<ReplayedRow, "waitedUs" | "errorNumber">,
): StatementReplay["missing"] {
  if (lost !== null) return lost;
  if (answer.damaged) return "damaged";
  if (answer.firstByteUs !== null) return null;
  if (session.recordedResults === null) return "before_recordings";
  // A limit of no bytes at all records as little.
  if (session.recordedResults === "none" || frames.some(({ kind }) => kind === "cut")) return "none_recorded";
  // The gateway's own refusal is in the statement's record, whole.
  if (row.waitedUs === null && row.errorNumber !== null) return null;
  return session.state === "cut" ? "cut_off" : "not_here_yet";
}

function timelineOf(row: ReplayedRow) {
  const { id, sequence, state, command, at, waitedUs, durationUs, sql } = row;
  const { statementClass, effect, errorNumber, rows, affectedRows, maskedRows, approvalId } = row;
  return {
    ...{ id, sequence, state, command, at, waitedUs, durationUs, sql },
    ...{ statementClass, effect, errorNumber, rows, affectedRows, maskedRows, approvalId },
  };
}

/** Bound values of an execution; null for other commands. */
export async function parametersOf(
  db: DbOrTx,
  heads: readonly ChunkHead[],
  row: Pick<ReplayedRow, "id" | "command" | "wholeSql" | "sqlCut" | "keptParameters">,
  { frames }: StatementFrames,
): Promise<StatementReplay["parameters"]> {
  if (row.command !== "execute") return null;
  const parameters = await executionParameters(
    db,
    heads,
    { id: row.id, sql: row.wholeSql, sqlCut: row.sqlCut },
    frames,
  );
  // The recording knows types as the client sent them; the record keeps values longer, and where nothing is recorded.
  if (parameters === null) return keptParameters(row.keptParameters);
  return parameters.length === 0 ? null : parameters;
}
