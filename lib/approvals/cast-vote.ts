import { and, eq, ne } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { DB_ERRNO, dbErrno } from "@/lib/db/errors";
import { approvalVotes } from "@/lib/db/schema";
import { newId } from "@/lib/ids";
import type { Person } from "./eligibility";

export type Ballot = Pick<typeof approvalVotes.$inferInsert, "vote" | "scope" | "minutes" | "note" | "at">;

/**
 * Writes a person's one vote on a request, or changes it. False when it says the same already. The verb that calls it holds the request's row
 * and records the event.
 */
export async function castVote(tx: DbOrTx, approvalId: string, person: Person, ballot: Ballot): Promise<boolean> {
  const reviewerName = person.name.slice(0, 255);
  try {
    await tx.insert(approvalVotes).values({ id: newId(), approvalId, reviewerId: person.id, reviewerName, ...ballot });
    return true;
  } catch (error) {
    if (dbErrno(error) !== DB_ERRNO.duplicate) throw error;
  }
  const [changed] = await tx
    .update(approvalVotes)
    .set({ reviewerName, ...ballot })
    .where(
      and(
        eq(approvalVotes.approvalId, approvalId),
        eq(approvalVotes.reviewerId, person.id),
        ne(approvalVotes.vote, ballot.vote),
      ),
    );
  return changed.affectedRows > 0;
}
