import { and, count, desc, eq, isNull } from "drizzle-orm";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections, sessions } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { type LastTest, lastTests } from "./last-tests";
import { type ConnectionView, publicColumns } from "./view";

export interface ConnectionDetail extends ConnectionView {
  readonly liveSessions: number;
  readonly lastTest: LastTest | null;
  readonly credentialChangedAt: Date;
  /** null when it is still the one the connection was created with. */
  readonly credentialChangedBy: string | null;
}

/** One connection by name, or NOT_FOUND. */
export async function getConnection(ctx: Ctx, name: string): Promise<ConnectionDetail> {
  authorise(ctx, "connections:view");
  const [row] = await ctx.db.select(publicColumns).from(connections).where(eq(connections.name, name));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${name}`, {
      next: "It may have been renamed or deleted; the list shows what there is",
    });
  }
  const [live, tests, rotated] = await Promise.all([
    ctx.db
      .select({ open: count() })
      .from(sessions)
      .where(and(eq(sessions.connectionId, row.id), isNull(sessions.endedAt))),
    lastTests(ctx.db, [row.id]),
    ctx.db
      .select({ at: auditEvents.at, by: auditEvents.actorName })
      .from(auditEvents)
      .where(and(eq(auditEvents.action, "credential.rotated"), eq(auditEvents.objectId, row.id)))
      .orderBy(desc(auditEvents.id))
      .limit(1),
  ]);
  return {
    ...row,
    liveSessions: live[0]?.open ?? 0,
    lastTest: tests.get(row.id) ?? null,
    credentialChangedAt: rotated[0]?.at ?? row.createdAt,
    credentialChangedBy: rotated[0]?.by ?? null,
  };
}
