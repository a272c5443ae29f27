"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ImpactSummary } from "@/components/impact/impact-summary";
import { useImpact } from "@/components/impact/use-impact";
import { useImpactCheck } from "@/components/impact/use-impact-check";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import type { ActionResult } from "@/lib/auth/console-action";
import { policyRemovalImpact } from "@/lib/policy/impact/draft";

export interface RemovePolicyProps {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly connection: string;
  /** Whether nobody can get more by its going. */
  readonly onlyNarrows: boolean;
  readonly remove: (input: {
    id: string;
    version: number;
    confirmation: string;
  }) => Promise<ActionResult<{ name: string }>>;
}

/** Removes a policy after its name was typed. */
export function RemovePolicy(props: RemovePolicyProps) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="danger-outline" onClick={() => setOpen(true)}>
        Remove
      </Button>
      <RemovePolicyDialog
        {...props}
        open={open}
        onOpenChange={setOpen}
        askName
        onRemoved={() => router.replace("/policies")}
      />
    </>
  );
}

/** Says what goes with a policy and what that would have done; where that gives somebody more, asks for words instead of the name. */
export function RemovePolicyDialog({
  id,
  version,
  name,
  connection,
  onlyNarrows,
  remove,
  open,
  onOpenChange,
  askName = false,
  onRemoved,
}: RemovePolicyProps & {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly askName?: boolean;
  readonly onRemoved: () => void;
}) {
  const impact = useImpact(policyRemovalImpact(connection, name));
  const check = useImpactCheck(impact, open, onlyNarrows);
  // What is to be typed is known with the impact: a field that then asks for something else would be in the way.
  const typedName = check.waiting ? null : (check.words ?? (askName ? name : null));
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${name}?`}
      consequences={
        <div className="flex min-w-0 flex-col gap-3">
          <p>
            Its rules stop to count, also those that deny. Identities that no other policy binds to the connection are
            refused at once, and their open sessions end within a second. The history can bring it back.
          </p>
          <ImpactSummary impact={impact} check={check} />
        </div>
      }
      action="Remove policy"
      {...(typedName === null ? {} : { typedName })}
      waiting={check.waiting}
      onConfirm={async ({ typed }) => {
        const result = await remove({ id, version, confirmation: typed });
        if (result.ok) {
          onRemoved();
          return null;
        }
        impact.refused(result.error);
        return errorText(result.error);
      }}
    />
  );
}
