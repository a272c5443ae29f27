"use client";

import { CircleStop, Power } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";

type Kind = "statement" | "session";

const WORDS = {
  statement: {
    title: "Stop the running statement?",
    action: "Stop statement",
    done: "The gateway was asked to stop the statement",
    consequences:
      "The client gets error 1317 for the statement it is waiting for. What that statement changed is rolled back; its session and transaction stay open. If nothing is running, nothing happens.",
  },
  session: {
    title: "Kill this session?",
    action: "Kill session",
    done: "The gateway was asked to end the session",
    consequences:
      "The client's connection is closed within a second, with a clear error. A running statement stops, and the open transaction is rolled back. The client may log in again while its token is valid; to keep it out, suspend the identity.",
  },
} as const satisfies Record<Kind, Record<"title" | "action" | "done" | "consequences", string>>;

/** Ends a running session, or only what it is running; for people who may. */
export function KillActions({ sessionId, ending }: { readonly sessionId: string; readonly ending: boolean }) {
  const router = useRouter();
  const [asked, setAsked] = useState<Kind>("session");
  const [open, setOpen] = useState(false);
  const ask = (kind: Kind) => {
    setAsked(kind);
    setOpen(true);
  };

  async function kill(reason: string): Promise<string | null> {
    const sent = await send("POST", `/api/sessions/${sessionId}/kill`, {
      statementOnly: asked === "statement",
      reason,
    });
    if (!sent.ok) return errorText(sent.error);
    toast.success(WORDS[asked].done);
    router.refresh();
    return null;
  }

  const words = WORDS[asked];
  return (
    <>
      <Button onClick={() => ask("statement")}>
        <CircleStop aria-hidden />
        Stop statement
      </Button>
      <Button variant="danger-outline" onClick={() => ask("session")} disabled={ending}>
        <Power aria-hidden />
        Kill session
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={words.title}
        consequences={words.consequences}
        action={words.action}
        askReason
        onConfirm={({ reason }) => kill(reason)}
      />
    </>
  );
}
