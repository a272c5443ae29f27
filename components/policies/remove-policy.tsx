"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import type { ActionResult } from "@/lib/auth/console-action";

/** Removes a policy after its name was typed. */
export function RemovePolicy({
  id,
  version,
  name,
  remove,
}: {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly remove: (input: { id: string; version: number }) => Promise<ActionResult<{ name: string }>>;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger-outline" onClick={() => setOpen(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Remove ${name}?`}
        consequences="Its rules stop to count, also those that deny. Identities that no other policy binds to the connection are refused at once, and their open sessions end within a second. The history can bring it back."
        action="Remove policy"
        typedName={name}
        onConfirm={async () => {
          const result = await remove({ id, version });
          if (!result.ok) return errorText(result.error);
          router.replace("/policies");
          return null;
        }}
      />
    </>
  );
}
