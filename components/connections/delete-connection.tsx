"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";

/** Deletes a connection once its name was typed. */
export function DeleteConnection({
  connection,
  liveSessions,
  policies,
  remove,
}: {
  readonly connection: { readonly id: string; readonly name: string };
  readonly liveSessions: number;
  readonly policies: readonly string[];
  readonly remove: (input: {
    id: string;
    typedName: string;
  }) => Promise<ActionResult<{ name: string; openSessions: number }>>;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <Card title="Delete this connection" className="border-danger/40">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-xl text-muted text-sm">
          Its stored password and its policies go with it. Sessions, statements and audit events stay.
        </p>
        <Button variant="danger-outline" onClick={() => setOpen(true)}>
          Delete {connection.name}
        </Button>
      </div>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Delete ${connection.name}?`}
        consequences={
          <ul className="list-disc pl-4">
            <li>
              {liveSessions === 0
                ? "No session is open now."
                : `${liveSessions} open ${liveSessions === 1 ? "session ends" : "sessions end"} within a second; open transactions roll back.`}
            </li>
            <li>
              {policies.length === 0
                ? "No policy is bound to it."
                : `Policies deleted with it: ${policies.join(", ")}.`}
            </li>
            <li>The stored password can not be brought back.</li>
          </ul>
        }
        action="Delete connection"
        typedName={connection.name}
        onConfirm={async () => {
          const result = await remove({ id: connection.id, typedName: connection.name });
          if (!result.ok) return errorText(result.error);
          toast.success(`${connection.name} deleted`);
          router.push("/connections");
          return null;
        }}
      />
    </Card>
  );
}
