"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import { SuspendDialog } from "./suspend-dialog";

export interface IdentityActionsProps {
  readonly id: string;
  readonly name: string;
  readonly kind: "person" | "machine";
  readonly status: "active" | "suspended";
}

/** What an administrator may do to an identity; each says first what will happen. */
export function IdentityActions({ id, name, kind, status }: IdentityActionsProps) {
  const router = useRouter();
  const [asking, setAsking] = useState<"suspend" | "reactivate" | "sign-out" | null>(null);
  const onOpenChange = (open: boolean) => {
    if (!open) setAsking(null);
  };

  async function act(path: string, body: unknown, done: string): Promise<string | null> {
    const sent = await send("POST", `/api/identities/${id}/${path}`, body);
    if (!sent.ok) return errorText(sent.error);
    toast.success(done);
    router.refresh();
    return null;
  }

  return (
    <>
      {kind === "person" ? <Button onClick={() => setAsking("sign-out")}>Sign out everywhere</Button> : null}
      {status === "active" ? (
        <Button variant="danger-outline" onClick={() => setAsking("suspend")}>
          Suspend
        </Button>
      ) : (
        <Button variant="primary" onClick={() => setAsking("reactivate")}>
          Reactivate
        </Button>
      )}
      <SuspendDialog id={id} name={name} kind={kind} open={asking === "suspend"} onOpenChange={onOpenChange} />
      <ConfirmDialog
        open={asking === "reactivate"}
        onOpenChange={onOpenChange}
        title={`Reactivate ${name}?`}
        consequences="Logging in and signing in work again, as policies and groups allow."
        action="Reactivate"
        tone="primary"
        askReason
        onConfirm={({ reason }) => act("status", { status: "active", reason }, `${name} is active again`)}
      />
      <ConfirmDialog
        open={asking === "sign-out"}
        onOpenChange={onOpenChange}
        title={`Sign ${name} out everywhere?`}
        consequences="Every browser signed in to the console as this person must sign in again. Sessions at the gateway go on."
        action="Sign out everywhere"
        onConfirm={() => act("sign-out", undefined, `${name} is signed out everywhere`)}
      />
    </>
  );
}
