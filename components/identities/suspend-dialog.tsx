"use client";

import { useRouter } from "next/navigation";
import { useAnswer } from "@/components/live/use-answer";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { endsWithIdentity } from "@/lib/sessions/running";

type Ends = Awaited<ReturnType<typeof endsWithIdentity>>;
/** Statements named one by one. */
const NAMED = 5;

/** Asks before an identity is suspended, and says what ends and rolls back with it. */
export function SuspendDialog({
  id,
  name,
  kind,
  open,
  onOpenChange,
}: {
  readonly id: string;
  readonly name: string;
  readonly kind?: "person" | "machine";
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const router = useRouter();
  const url = `/api/identities/${id}/running`;
  const { answer } = useAnswer<Ends>({
    key: open ? url : null,
    read: (signal) => send("GET", url, undefined, signal),
    topics: ["sessions"],
    atOnce: true,
    anywayMs: 2_000,
  });

  async function suspend(reason: string): Promise<string | null> {
    const sent = await send("POST", `/api/identities/${id}/status`, { status: "suspended", reason });
    if (!sent.ok) return errorText(sent.error);
    toast.success(`${name} is suspended`);
    router.refresh();
    return null;
  }

  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Suspend ${name}?`}
      consequences={
        <ul className="list-disc pl-4">
          <li>{answer === null ? "Its live sessions end within a second." : sessionsEnd(answer)}</li>
          {answer === null || answer.sessions === 0 ? null : <li>{rollsBack(answer)}</li>}
          {answer?.statements.slice(0, NAMED).map(({ sql, connection, held }) => (
            <li key={`${connection} ${sql}`} className="break-words">
              {held ? "Waits for approval and will not run" : "Stops, and what it changed rolls back"}, on {connection}:{" "}
              <code className="font-mono text-xs">{sql.length > 120 ? `${sql.slice(0, 120)}…` : sql}</code>
            </li>
          ))}
          {answer !== null && answer.statements.length > NAMED ? (
            <li>{answer.statements.length - NAMED} more statements stop.</li>
          ) : null}
          <li>
            Every token is refused at the gateway{kind === "person" ? ", and the console signs out at once" : ""}.
          </li>
          <li>This lasts until an administrator reactivates {name}.</li>
        </ul>
      }
      action="Suspend"
      typedName={name}
      askReason
      onConfirm={({ reason }) => suspend(reason)}
    />
  );
}

function sessionsEnd({ sessions }: Ends): string {
  if (sessions === 0) return "No session is live now, and none can be started.";
  return `${sessions === 1 ? "The live session ends" : `All ${sessions} live sessions end`} within a second.`;
}

function rollsBack({ transactions }: Ends): string {
  if (transactions === 0) return "No transaction is open now; one that is open by then rolls back.";
  return transactions === 1 ? "One open transaction rolls back." : `${transactions} open transactions roll back.`;
}
