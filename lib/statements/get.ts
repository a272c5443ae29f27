import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { identities, sessions, statements } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { KNOWN_STATE } from "./known-state";

/** One statement with everything recorded of it, and its neighbours in the session. Throws FORBIDDEN, NOT_FOUND. */
export async function getStatement(ctx: Ctx, id: string) {
  authorise(ctx, "statements:view");
  const [found] = await ctx.db
    .select({
      statement: statements,
      state: KNOWN_STATE,
      identityName: identities.displayName,
      identityKind: identities.kind,
      clientProgram: sessions.clientProgram,
      clientAddress: sessions.clientAddress,
    })
    .from(statements)
    .leftJoin(identities, eq(identities.id, statements.identityId))
    .leftJoin(sessions, eq(sessions.id, statements.sessionId))
    .where(eq(statements.id, id));
  if (found === undefined) {
    throw new SallyportError("NOT_FOUND", "There is no statement with this id", {
      next: "It may not have been recorded yet, or its retention time is over",
    });
  }
  const inSession = eq(statements.sessionId, found.statement.sessionId);
  const neighbour = { id: statements.id };
  const [[before], [after]] = await Promise.all([
    ctx.db
      .select(neighbour)
      .from(statements, { forceIndex: "statements_session" })
      .where(and(inSession, lt(statements.id, id)))
      .orderBy(desc(statements.id))
      .limit(1),
    ctx.db
      .select(neighbour)
      .from(statements, { forceIndex: "statements_session" })
      .where(and(inSession, gt(statements.id, id)))
      .orderBy(asc(statements.id))
      .limit(1),
  ]);
  const { statement, ...facts } = found;
  return { ...statement, ...facts, previousId: before?.id ?? null, nextId: after?.id ?? null };
}

/** What the page of one statement shows. */
export type StatementDetail = Awaited<ReturnType<typeof getStatement>>;
