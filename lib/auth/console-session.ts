import { and, eq, isNull, lt } from "drizzle-orm";
import { rolesOf } from "@/lib/auth/roles";
import type { Role } from "@/lib/ctx";
import type { DbOrTx } from "@/lib/db/client";
import { consoleSessions, identities } from "@/lib/db/schema";
import { newId } from "@/lib/ids";

/** A console session ends this long after signing in, whatever happens. */
export const SESSION_SECONDS = 12 * 3600;
/** ... and when nothing was asked for this long. */
export const IDLE_SECONDS = 2 * 3600;
const SEEN_EVERY_MS = 60_000;

/** Why a cookie gives no session. The sign-in page explains each. */
export type SessionRefusal = "unknown" | "expired" | "idle" | "revoked" | "signed-out-everywhere" | "suspended";

/** Who is signed in, read from the store at this request. */
export interface ConsoleSession {
  readonly id: string;
  readonly identity: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly groups: readonly string[];
  };
  /** Empty for a person whose groups give no role: they may see nothing. */
  readonly roles: readonly Role[];
  readonly expiresAt: Date;
}

export type SessionResult =
  | { readonly ok: true; readonly session: ConsoleSession }
  | { readonly ok: false; readonly why: SessionRefusal };

/** Starts a session for someone the identity provider just vouched for. `seal` seals the ID token for the row's id. Returns the session's id. */
export async function startConsoleSession(
  db: DbOrTx,
  input: {
    readonly identityId: string;
    readonly sessionVersion: number;
    readonly userAgent: string | null;
    readonly sealIdToken: (sessionId: string) => string | null;
  },
  now: Date = new Date(),
): Promise<string> {
  const id = newId();
  await db.insert(consoleSessions).values({
    id,
    identityId: input.identityId,
    sessionVersion: input.sessionVersion,
    sealedIdToken: input.sealIdToken(id),
    userAgent: input.userAgent?.slice(0, 255) ?? null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + SESSION_SECONDS * 1000),
  });
  return id;
}

/** Reads what a cookie names, with the identity's state of this moment, so that a suspension or sign-out acts at once. `touch: false` does not count as activity. */
export async function readConsoleSession(
  db: DbOrTx,
  cookie: { readonly identityId: string; readonly sessionId: string },
  roleMap: Readonly<Record<Role, readonly string[]>>,
  options: { readonly now?: Date; readonly touch?: boolean } = {},
): Promise<SessionResult> {
  const { now = new Date(), touch = true } = options;
  const [row] = await db
    .select({ session: consoleSessions, identity: identities })
    .from(consoleSessions)
    .innerJoin(identities, eq(identities.id, consoleSessions.identityId))
    .where(and(eq(consoleSessions.id, cookie.sessionId), eq(consoleSessions.identityId, cookie.identityId)));
  if (row === undefined) return { ok: false, why: "unknown" };
  const { session, identity } = row;
  if (identity.status !== "active") return { ok: false, why: "suspended" };
  if (session.revokedAt !== null) return { ok: false, why: "revoked" };
  if (session.sessionVersion !== identity.sessionVersion) return { ok: false, why: "signed-out-everywhere" };
  if (session.expiresAt <= now) return { ok: false, why: "expired" };
  if (session.lastSeenAt.getTime() + IDLE_SECONDS * 1000 <= now.getTime()) return { ok: false, why: "idle" };
  const staleBefore = new Date(now.getTime() - SEEN_EVERY_MS);
  if (touch && session.lastSeenAt < staleBefore) {
    await db
      .update(consoleSessions)
      .set({ lastSeenAt: now })
      .where(and(eq(consoleSessions.id, session.id), lt(consoleSessions.lastSeenAt, staleBefore)));
  }
  return {
    ok: true,
    session: {
      id: session.id,
      identity: {
        id: identity.id,
        name: identity.displayName,
        email: identity.email,
        groups: identity.groups,
      },
      roles: rolesOf(identity.groups, roleMap),
      expiresAt: session.expiresAt,
    },
  };
}

/** Ends a session. Returns its sealed ID token, the hint for signing out at the identity provider; null when it had ended already. */
export async function endConsoleSession(db: DbOrTx, id: string, now: Date = new Date()): Promise<string | null> {
  const [row] = await db
    .select({ sealedIdToken: consoleSessions.sealedIdToken })
    .from(consoleSessions)
    .where(and(eq(consoleSessions.id, id), isNull(consoleSessions.revokedAt)));
  // The ID token has served: it is not kept longer than the session.
  await db
    .update(consoleSessions)
    .set({ revokedAt: now, sealedIdToken: null })
    .where(and(eq(consoleSessions.id, id), isNull(consoleSessions.revokedAt)));
  return row?.sealedIdToken ?? null;
}
