"use client";

import { Send } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";

/** Sends a test event through a stream, or deletes it. */
export function StreamActions({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  const [testing, setTesting] = useState(false);
  const [result, setResult] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const [removing, setRemoving] = useState(false);

  async function test() {
    setTesting(true);
    setResult(null);
    const sent = await send<{ error: string | null }>("POST", `/api/streams/${id}/test`);
    setTesting(false);
    router.refresh();
    if (!sent.ok) setResult({ ok: false, text: errorText(sent.error) });
    else if (sent.data.error === null) setResult({ ok: true, text: "The test event was taken" });
    else setResult({ ok: false, text: sent.data.error });
  }

  async function remove(): Promise<string | null> {
    const sent = await send("DELETE", `/api/streams/${id}`);
    if (!sent.ok) return errorText(sent.error);
    toast.success(`${name} is deleted`);
    router.push("/settings/streams");
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
        Send a test event
      </Button>
      <Button variant="danger-outline" onClick={() => setRemoving(true)}>
        Delete
      </Button>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Delete ${name}?`}
        consequences="Nothing more is sent, and how far it was is forgotten: another stream to the same place begins now or at the beginning."
        action="Delete stream"
        typedName={name}
        onConfirm={remove}
      />
    </>
  );
}
