import { authorise } from "@/lib/auth/authorise";
import { type ConsoleCtx, consoleCtx, REQUEST_ID_HEADER, sessionOfRequest } from "@/lib/auth/console-ctx";
import type { Permission } from "@/lib/auth/roles";
import { env } from "@/lib/config/env";
import { SallyportError } from "@/lib/errors/error";
import { errorBody } from "@/lib/http/error-body";
import { requireSameOrigin } from "@/lib/http/same-origin";
import { newId } from "@/lib/ids";

const SAFE_METHODS = new Set(["GET", "HEAD"]);

/** What Next passes beside the request. */
interface RouteContext<P> {
  readonly params: Promise<P>;
}

/**
 * Makes a route handler out of a permission and the work: same origin for everything but GET, session, role, JSON errors with the
 * request id. The work returns a Response, or a value that is sent as JSON.
 */
export function consoleRoute<P = Record<string, never>>(
  permission: Permission,
  work: (ctx: ConsoleCtx, request: Request, params: P) => Promise<unknown>,
): (request: Request, context: RouteContext<P>) => Promise<Response> {
  return async (request, context) => {
    const requestId = request.headers.get(REQUEST_ID_HEADER) ?? newId();
    try {
      if (!SAFE_METHODS.has(request.method)) {
        requireSameOrigin(request.headers, env("console").CONSOLE_URL);
      }
      const result = await sessionOfRequest(request.headers);
      if (!result.ok) {
        throw new SallyportError("UNAUTHENTICATED", "You are not signed in any more", { next: "Sign in again" });
      }
      const ctx = consoleCtx(result.session, request.headers);
      authorise(ctx, permission);
      const answer = await work(ctx, request, await context.params);
      return answer instanceof Response ? answer : Response.json(answer ?? { ok: true }, { headers: NO_STORE });
    } catch (error) {
      const { body, status } = errorBody(error, requestId);
      return Response.json({ error: body }, { status, headers: NO_STORE });
    }
  };
}

const NO_STORE = { "cache-control": "no-store" } as const;

/** The request's JSON object. Throws INVALID_INPUT when it is none, or is larger than 256 KiB. */
export async function jsonOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.length > 262_144) {
    throw new SallyportError("INVALID_INPUT", "The request is larger than 256 KiB");
  }
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new SallyportError("INVALID_INPUT", "The request is not JSON", { cause });
  }
}
