import { cookies } from "next/headers";
import { recordAudit } from "@/lib/audit/record";
import { isSecureConsole, sessionCookieName } from "@/lib/auth/console-cookie";
import { consoleCtx, sessionOfRequest } from "@/lib/auth/console-ctx";
import { endConsoleSession } from "@/lib/auth/console-session";
import { endSessionUrl } from "@/lib/auth/end-session-url";
import { idTokenContext } from "@/lib/auth/next-auth-options";
import { env } from "@/lib/config/env";
import { masterKeyFromBase64, open } from "@/lib/crypto/seal";
import { inTransaction } from "@/lib/db/transaction";
import { errorBody } from "@/lib/http/error-body";
import { requireSameOrigin } from "@/lib/http/same-origin";
import { newId } from "@/lib/ids";

/** Ends the caller's own console session and answers with the page of the identity provider that ends its session too. Needs no role. */
export async function POST(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request.headers, env("console").CONSOLE_URL);
    const idToken = await endSession(request.headers);
    const jar = await cookies();
    jar.set(sessionCookieName(), "", {
      maxAge: 0,
      path: "/",
      httpOnly: true,
      sameSite: "lax",
      secure: isSecureConsole(),
    });
    return Response.json({ url: await endSessionUrl(idToken) }, { headers: { "cache-control": "no-store" } });
  } catch (error) {
    const { body, status } = errorBody(error, newId());
    return Response.json({ error: body }, { status });
  }
}

/** Returns the ID token of the session that ended, for the hint; null when there was no live session. */
async function endSession(headers: Headers): Promise<string | null> {
  const result = await sessionOfRequest(headers);
  if (!result.ok) return null;
  const ctx = consoleCtx(result.session, headers);
  const sealed = await inTransaction(ctx.db, async (tx) => {
    const idToken = await endConsoleSession(tx, result.session.id);
    await recordAudit(tx, ctx.actor, { action: "console.signed_out" });
    return idToken;
  });
  return sealed === null
    ? null
    : open(masterKeyFromBase64(env("secrets").SALLYPORT_MASTER_KEY), sealed, idTokenContext(result.session.id));
}
