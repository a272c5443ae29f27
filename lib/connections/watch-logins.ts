import { and, desc, eq, gte } from "drizzle-orm";
import { z } from "zod";
import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { auditEvents, connections } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import { parseInput } from "@/lib/parse-input";
import { type RecentSession, recentSessions } from "./recent-activity";

export const loginWatch = z.strictObject({ connection: z.string().min(1).max(32), since: z.coerce.date() });

export interface RefusedLogin {
  readonly id: string;
  readonly at: Date;
  /** Who presented the token, as far as it was known. */
  readonly who: string;
  readonly address: string | null;
  readonly code: string | null;
  /** What the client was told. */
  readonly message: string | null;
  /** What to do about it. */
  readonly next: string | null;
}

export interface LoginAttempts {
  readonly sessions: readonly RecentSession[];
  readonly refused: readonly RefusedLogin[];
}

/** What helps where the refusal's record does not say. */
function adviceFor(code: string | null): string | null {
  switch (code) {
    case "LOGIN_REFUSED":
      return "Get a fresh token for this audience, and look at who may connect";
    case "UNAVAILABLE":
      return "Test the connection: the database or the identity provider did not answer";
    case "LIMIT_EXCEEDED":
      return "Close idle sessions of this connection or raise its limit";
    default:
      return null;
  }
}

/** Who logged in through a connection since a moment, and who was refused and why: newest first, for the page that waits for a first login. */
export async function watchLogins(ctx: Ctx, input: z.input<typeof loginWatch>): Promise<LoginAttempts> {
  authorise(ctx, "connect-agent:view");
  const { connection, since } = parseInput(loginWatch, input, "The request");
  const [row] = await ctx.db.select({ id: connections.id }).from(connections).where(eq(connections.name, connection));
  if (row === undefined) {
    throw new SallyportError("NOT_FOUND", `There is no connection ${connection}`);
  }
  const [sessions, refused] = await Promise.all([
    recentSessions(ctx, { connectionId: row.id, since }),
    ctx.db
      .select({
        id: auditEvents.id,
        at: auditEvents.at,
        who: auditEvents.actorName,
        address: auditEvents.address,
        code: auditEvents.code,
        message: auditEvents.message,
        detail: auditEvents.detail,
      })
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.connectionName, connection),
          eq(auditEvents.action, "login.refused"),
          gte(auditEvents.at, since),
        ),
      )
      .orderBy(desc(auditEvents.id))
      .limit(20),
  ]);
  return {
    sessions,
    refused: refused.map(({ detail, ...one }) => ({
      ...one,
      next: typeof detail.next === "string" ? detail.next : adviceFor(one.code),
    })),
  };
}
