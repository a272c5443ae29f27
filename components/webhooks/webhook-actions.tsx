"use client";

import { Send } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { Attempt } from "@/lib/notifications/attempt";

/** Tests a webhook, or deletes it. */
export function WebhookActions({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  const [testing, setTesting] = useState(false);
  const [result, setResult] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const [removing, setRemoving] = useState(false);

  async function test() {
    setTesting(true);
    setResult(null);
    const sent = await send<Attempt>("POST", `/api/webhooks/${id}/test`);
    setTesting(false);
    router.refresh();
    if (!sent.ok) setResult({ ok: false, text: errorText(sent.error) });
    else if (sent.data.error === null) setResult({ ok: true, text: `The receiver answered ${sent.data.responseCode}` });
    else setResult({ ok: false, text: sent.data.error });
  }

  async function remove(): Promise<string | null> {
    const sent = await send("DELETE", `/api/webhooks/${id}`);
    if (!sent.ok) return errorText(sent.error);
    toast.success(`${name} is deleted`);
    router.push("/settings/webhooks");
    return null;
  }

  return (
    <>
      <span
        role="status"
        className={result === null ? "sr-only" : result.ok ? "text-ok text-sm" : "text-danger text-sm"}
      >
        {result?.text}
      </span>
      <Button pending={testing} onClick={() => void test()}>
        <Send aria-hidden />
        Send a test
      </Button>
      <Button variant="danger-outline" onClick={() => setRemoving(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Delete ${name}?`}
        consequences="Its delivery log goes with it, and what it was still to be sent is not sent."
        action="Delete webhook"
        typedName={name}
        onConfirm={remove}
      />
    </>
  );
}
