import { asc, eq, inArray, or } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { approvals, approvalVotes } from "@/lib/db/schema";
import type { ReplayApproval } from "./replay-model";
import { sinceStart } from "./replay-rows";

/** Requests that a session is asked about beyond its own; one grant serves many statements. */
const MOST_OTHERS = 1_000;

/** The requests for approval of a session, and those whose grants its statements used, with what reviewers said. */
export async function readReplayApprovals(
  db: DbOrTx,
  session: { readonly id: string; readonly startedAt: Date },
  used: readonly string[],
): Promise<ReplayApproval[]> {
  const others = used.slice(0, MOST_OTHERS);
  const own = eq(approvals.sessionId, session.id);
  const rows = await db
    .select({
      id: approvals.id,
      statementId: approvals.statementId,
      sessionId: approvals.sessionId,
      state: approvals.state,
      requestedAt: approvals.requestedAt,
      decidedAt: approvals.decidedAt,
      decidedByName: approvals.decidedByName,
      decisionNote: approvals.decisionNote,
      reviewerName: approvalVotes.reviewerName,
      vote: approvalVotes.vote,
      note: approvalVotes.note,
    })
    .from(approvals)
    .leftJoin(approvalVotes, eq(approvalVotes.approvalId, approvals.id))
    .where(others.length === 0 ? own : or(own, inArray(approvals.id, others)))
    .orderBy(asc(approvals.id), asc(approvalVotes.at));
  const byId = new Map<string, (typeof rows)[number][]>();
  for (const row of rows) {
    const group = byId.get(row.id);
    if (group === undefined) byId.set(row.id, [row]);
    else group.push(row);
  }
  return [...byId.values()].flatMap((group) => {
    const [row] = group;
    if (row === undefined) return [];
    const votes = group.flatMap(({ reviewerName, vote, note }) =>
      reviewerName === null || vote === null ? [] : [{ name: reviewerName, decision: vote, reason: note }],
    );
    const decider =
      row.decidedByName === null ? [] : [{ name: row.decidedByName, decision: row.state, reason: row.decisionNote }];
    return [
      {
        id: row.id,
        statementId: row.sessionId === session.id ? row.statementId : null,
        state: row.state,
        requestedUs: sinceStart(session.startedAt, row.requestedAt),
        decidedUs: row.decidedAt === null ? null : sinceStart(session.startedAt, row.decidedAt),
        reviewers: votes.length > 0 ? votes : decider,
      },
    ];
  });
}
