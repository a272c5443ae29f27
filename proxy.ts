import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { browserEndpoints } from "@/lib/auth/end-session-url";
import { env } from "@/lib/config/env";
import { contentPolicy } from "@/lib/http/content-policy";
import { newId } from "@/lib/ids";

const YEAR_SECONDS = 31_536_000;

/** Next's hook before every request (not the gateway, which is the folder beside): request id, nonce and content policy. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const https = env("console").CONSOLE_URL.startsWith("https:");
  const requestId = newId();
  const nonce = randomBytes(16).toString("base64");
  const policy = contentPolicy({
    nonce,
    formTargets: await identityProviderOrigins(),
    development: env("process").NODE_ENV === "development",
    https,
  });
  const headers = new Headers(request.headers);
  headers.set("x-request-id", requestId);
  headers.set("x-nonce", nonce);
  headers.set("x-sallyport-path", request.nextUrl.pathname + request.nextUrl.search);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-request-id", requestId);
  if (https) {
    response.headers.set("strict-transport-security", `max-age=${YEAR_SECONDS}; includeSubDomains`);
  }
  return response;
}

async function identityProviderOrigins(): Promise<string[]> {
  const endpoints = await browserEndpoints();
  const urls = [env("oidc").OIDC_ISSUER, endpoints?.authorization_endpoint, endpoints?.end_session_endpoint];
  return [...new Set(urls.filter((url) => url !== undefined).map((url) => new URL(url).origin))];
}

export const config = { matcher: ["/((?!_next/static|_next/image|icon.svg|favicon.ico).*)"] };
