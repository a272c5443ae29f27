"use client";

import { useRouter } from "next/navigation";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";

export type KillKind = "statement" | "session";

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
} as const satisfies Record<KillKind, Record<"title" | "action" | "done" | "consequences", string>>;

/** Asks before a session, or what it runs, is ended. */
export function KillDialog({
  sessionId,
  kind,
  open,
  onOpenChange,
}: {
  readonly sessionId: string;
  readonly kind: KillKind;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const words = WORDS[kind];

  async function kill(reason: string): Promise<string | null> {
    const body = { statementOnly: kind === "statement", reason };
    const sent = await send("POST", `/api/sessions/${sessionId}/kill`, body);
    if (!sent.ok) return errorText(sent.error);
    toast.success(words.done);
    router.refresh();
    return null;
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={words.title}
      consequences={words.consequences}
      action={words.action}
      askReason
      onConfirm={({ reason }) => kill(reason)}
    />
  );
}
