import "server-only";
import { headers } from "next/headers";
import { authorise } from "@/lib/auth/authorise";
import { type ConsoleCtx, consoleCtx, REQUEST_ID_HEADER, sessionOfRequest } from "@/lib/auth/console-ctx";
import type { Permission } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import { type ErrorBody, errorBody } from "@/lib/http/error-body";
import { newId } from "@/lib/ids";

export type ActionResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly error: ErrorBody };

/** The body of every server action: session, role, and errors as a result the form shows. (Next itself checks the origin of actions.) */
export async function consoleAction<T>(
  permission: Permission,
  work: (ctx: ConsoleCtx) => Promise<T>,
): Promise<ActionResult<T>> {
  const given = await headers();
  const requestId = given.get(REQUEST_ID_HEADER) ?? newId();
  try {
    const result = await sessionOfRequest(given);
    if (!result.ok) {
      throw new SallyportError("UNAUTHENTICATED", "You are not signed in any more", { next: "Sign in again" });
    }
    const ctx = consoleCtx(result.session, given);
    authorise(ctx, permission);
    return { ok: true, data: await work(ctx) };
  } catch (error) {
    return { ok: false, error: errorBody(error, requestId).body };
  }
}
