import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { parseInput } from "@/lib/parse-input";
import type { SessionFacts } from "@/lib/sessions/rows";
import { replayedSession } from "./get-replay";
import { readReplayApprovals } from "./replay-approvals";
import { type ReplayEvent, sessionEvent, statementEvents } from "./replay-events";
import { replayedStatements } from "./replayed-statements";
import { transcriptLines } from "./transcript-lines";

export const REPLAY_FORMATS = ["ndjson", "txt"] as const;
export const replayFormat = z.enum(REPLAY_FORMATS);

/**
 * A session's recording for reading elsewhere: `ndjson` has one event a line, `txt` is a transcript. Lines have no line ends. The audit
 * event is written before the first line. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND.
 */
export async function exportReplay(
  ctx: Ctx,
  sessionId: string,
  input: z.input<typeof replayFormat>,
): Promise<AsyncGenerator<string>> {
  authorise(ctx, "records:export");
  const format = parseInput(replayFormat, input, "The format");
  const session = await replayedSession(ctx.db, sessionId);
  await recordAudit(ctx.db, ctx.actor, {
    action: "export.created",
    object: { kind: "session", id: sessionId, name: sessionId },
    connectionName: session.connectionName,
    detail: { what: "replay", format },
  });
  return linesOf(ctx, session, format);
}

async function* linesOf(ctx: Ctx, session: SessionFacts, format: z.infer<typeof replayFormat>): AsyncGenerator<string> {
  for await (const event of events(ctx, session)) {
    if (format === "ndjson") yield JSON.stringify(event);
    else yield* transcriptLines(event);
  }
}

async function* events(ctx: Ctx, session: SessionFacts): AsyncGenerator<ReplayEvent> {
  yield sessionEvent(session);
  const own = await readReplayApprovals(ctx.db, session, []);
  const approvals = new Map(own.map((approval) => [approval.id, approval]));
  for await (const statement of replayedStatements(ctx.db, session)) {
    const { approvalId } = statement.row;
    if (approvalId !== null && !approvals.has(approvalId)) {
      for (const one of await readReplayApprovals(ctx.db, session, [approvalId])) approvals.set(one.id, one);
    }
    yield* statementEvents(statement, session, approvals);
  }
}
