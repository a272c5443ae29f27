"use client";

import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";

/** Ends the console session, then goes to the identity provider to end its session too. */
export async function signOut(): Promise<void> {
  const sent = await send<{ url: string }>("POST", "/api/auth/sign-out");
  if (sent.ok) {
    window.location.assign(sent.data.url);
  } else {
    toast.error("You are still signed in", errorText(sent.error));
  }
}
