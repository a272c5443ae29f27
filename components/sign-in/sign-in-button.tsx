"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";

/** Starts the sign-in: takes next-auth's form token, then goes to the identity provider. */
export function SignInButton({ callbackUrl }: { readonly callbackUrl: string }) {
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState(false);

  async function start() {
    setPending(true);
    setFailed(false);
    try {
      const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
      const answer = await fetch("/api/auth/signin/oidc", {
        method: "POST",
        body: new URLSearchParams({ csrfToken, callbackUrl, json: "true" }),
      });
      const { url } = (await answer.json()) as { url: string };
      window.location.assign(url);
    } catch {
      setPending(false);
      setFailed(true);
    }
  }

  return (
    <>
      <Button variant="primary" size="lg" pending={pending} onClick={() => void start()}>
        Sign in with single sign-on
      </Button>
      {failed ? (
        <p role="alert" className="text-danger text-sm">
          The console does not answer. Check your connection and try again.
        </p>
      ) : null}
    </>
  );
}
