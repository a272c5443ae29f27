import { clientAddress } from "@/lib/auth/client-address";
import { cookieOf, readSessionCookie, sessionCookieName } from "@/lib/auth/console-cookie";
import { type ConsoleSession, readConsoleSession, type SessionResult } from "@/lib/auth/console-session";
import { env } from "@/lib/config/env";
import type { Actor, Ctx } from "@/lib/ctx";
import type { Db } from "@/lib/db/client";
import { consoleStore } from "@/lib/db/console-store";
import { newId } from "@/lib/ids";

/** What a page, action or route handler gets when its permission check passed. */
export interface ConsoleCtx extends Ctx {
  readonly actor: Extract<Actor, { kind: "person" }>;
  readonly db: Db;
  readonly session: ConsoleSession;
}

/** The header in which proxy.ts gives each request its id. */
export const REQUEST_ID_HEADER = "x-request-id";

/** The session of a request, read from the store. `touch: false` does not count as activity. */
export async function sessionOfRequest(
  headers: Headers,
  options: { readonly touch?: boolean } = {},
): Promise<SessionResult> {
  const cookie = await readSessionCookie(cookieOf(headers.get("cookie"), sessionCookieName()));
  return cookie === null
    ? { ok: false, why: "unknown" }
    : readConsoleSession(consoleStore().db, cookie, env("oidc").SALLYPORT_ROLES, options);
}

/** The context for verbs of a signed-in person. */
export function consoleCtx(session: ConsoleSession, headers: Headers): ConsoleCtx {
  return {
    actor: {
      kind: "person",
      id: session.identity.id,
      name: session.identity.name,
      roles: session.roles,
      address: clientAddress(headers),
    },
    requestId: headers.get(REQUEST_ID_HEADER) ?? newId(),
    db: consoleStore().db,
    session,
  };
}
