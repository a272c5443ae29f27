import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { nextAuthOptions } from "@/lib/auth/next-auth-options";
import { env } from "@/lib/config/env";
import { SallyportError } from "@/lib/errors/error";
import { errorBody } from "@/lib/http/error-body";
import { requireSameOrigin } from "@/lib/http/same-origin";
import { newId } from "@/lib/ids";

/** Open to everyone by nature: this is how people sign in. Of next-auth's routes only these exist; signing out is our own. */
const ROUTES = { GET: ["csrf", "callback", "error", "signin"], POST: ["signin"] } as const;

async function handle(request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }): Promise<Response> {
  const { nextauth } = await context.params;
  const open: readonly string[] = ROUTES[request.method as keyof typeof ROUTES] ?? [];
  try {
    if (!open.includes(nextauth[0] ?? "")) {
      throw new SallyportError("NOT_FOUND", "There is no such address");
    }
    if (request.method === "POST") {
      requireSameOrigin(request.headers, env("console").CONSOLE_URL);
    }
    const response: Response = await NextAuth(request as never, context as never, nextAuthOptions(request.headers));
    return response;
  } catch (error) {
    const { body, status } = errorBody(error, newId());
    return Response.json({ error: body }, { status });
  }
}

export { handle as GET, handle as POST };
