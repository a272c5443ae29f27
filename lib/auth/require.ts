import "server-only";
import { headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { type ConsoleCtx, consoleCtx, sessionOfRequest } from "@/lib/auth/console-ctx";
import type { ConsoleSession, SessionResult } from "@/lib/auth/console-session";
import { may, type Permission } from "@/lib/auth/roles";

/** One read of the store per request, however many parts of a page ask. */
const currentSession = cache(async (): Promise<SessionResult> => sessionOfRequest(await headers()));

/** Who is signed in, without sending anyone elsewhere. */
export async function optionalConsoleSession(): Promise<SessionResult> {
  return currentSession();
}

/** Whoever is signed in, with or without a role; others are sent to sign in, and come back to this page afterwards. */
export async function requireConsoleSession(): Promise<ConsoleSession> {
  const result = await currentSession();
  if (result.ok) return result.session;
  const path = (await headers()).get("x-sallyport-path") ?? "/";
  const why = result.why === "unknown" ? "" : `&error=${result.why}`;
  redirect(`/sign-in?next=${encodeURIComponent(path)}${why}`);
}

/**
 * The first line of every page: the context for verbs, or a page that says no (403), or sign-in. Await it before anything is
 * streamed (no loading.tsx beside the page: put a Suspense inside), else the status is 200.
 */
export async function requirePermission(permission: Permission): Promise<ConsoleCtx> {
  const session = await requireConsoleSession();
  if (session.roles.length === 0) redirect("/no-role");
  if (!may(session.roles, permission)) forbidden();
  return consoleCtx(session, await headers());
}
