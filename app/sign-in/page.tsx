import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CenteredPage } from "@/components/sign-in/centered-page";
import { signInMessage } from "@/components/sign-in/messages";
import { SignInButton } from "@/components/sign-in/sign-in-button";
import { optionalConsoleSession } from "@/lib/auth/require";
import { env } from "@/lib/config/env";

export const metadata: Metadata = { title: "Sign in" };

/** Open to everyone. */
export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { next, error } = await searchParams;
  const target = ownPath(next);
  if ((await optionalConsoleSession()).ok) redirect(target);
  const message = signInMessage(typeof error === "string" ? error : null);
  return (
    <CenteredPage>
      <h1 className="font-semibold text-lg">Sign in</h1>
      <p className="text-muted">
        Sallyport uses your organisation's identity provider, {new URL(env("oidc").OIDC_ISSUER).host}.
      </p>
      {message ? (
        <p role="alert" className="rounded-md bg-warn-soft px-3 py-2 text-warn">
          {message}
        </p>
      ) : null}
      <SignInButton callbackUrl={target} />
    </CenteredPage>
  );
}

/** Only paths of this console: "//host" and "/\host" would leave it. */
function ownPath(next: string | string[] | undefined): string {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
