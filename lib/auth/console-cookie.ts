import { decode } from "next-auth/jwt";
import { z } from "zod";
import { env } from "@/lib/config/env";

/** What the cookie holds, encrypted: two ids. Everything else is read from the store per request. */
const cookieClaims = z.object({ sub: z.ulid(), sid: z.ulid() });

/** Whether the console is reached over https; then its cookies are `Secure` and tied to the host. */
export function isSecureConsole(): boolean {
  return env("console").CONSOLE_URL.startsWith("https:");
}

export function sessionCookieName(): string {
  return isSecureConsole() ? "__Host-sallyport.session" : "sallyport.session";
}

/** Opens the session cookie's value; null for anything this console did not make, or an expired one. */
export async function readSessionCookie(
  value: string | undefined,
): Promise<{ identityId: string; sessionId: string } | null> {
  if (value === undefined || value === "") return null;
  try {
    const claims = cookieClaims.safeParse(await decode({ token: value, secret: env("console").AUTH_SECRET }));
    return claims.success ? { identityId: claims.data.sub, sessionId: claims.data.sid } : null;
  } catch {
    return null;
  }
}

/** The value of one cookie of a Cookie header. */
export function cookieOf(header: string | null, name: string): string | undefined {
  for (const part of header?.split(";") ?? []) {
    const [key, ...value] = part.trim().split("=");
    if (key === name) return value.join("=");
  }
  return undefined;
}
