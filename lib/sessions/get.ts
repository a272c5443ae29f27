import { and, desc, eq } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { approvals, sessions } from "@/lib/db/schema";
import { storeNow } from "@/lib/db/store-now";
import { SallyportError } from "@/lib/errors/error";
import { describeSession, type SessionFacts, selectSessions } from "./rows";

export interface OneSession extends SessionFacts {
  /** The request for approval that its client waits for now. */
  readonly waitingFor: string | null;
}

/** One session with its state now. Throws FORBIDDEN, NOT_FOUND. */
export async function getSession(ctx: Ctx, id: string, now?: Date): Promise<OneSession> {
  authorise(ctx, "sessions:view");
  const [row] = await selectSessions(ctx.db).where(eq(sessions.id, id));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no session with this id", {
      next: "Look for it in the list of sessions",
    });
  }
  const facts = describeSession(row, now ?? (await storeNow(ctx.db)));
  return { ...facts, waitingFor: facts.state === "live" ? await heldRequest(ctx, id) : null };
}

async function heldRequest(ctx: Ctx, sessionId: string): Promise<string | null> {
  const [held] = await ctx.db
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(eq(approvals.sessionId, sessionId), eq(approvals.state, "pending"), eq(approvals.holdState, "held")))
    .orderBy(desc(approvals.id))
    .limit(1);
  return held?.id ?? null;
}
