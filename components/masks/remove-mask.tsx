"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ImpactSummary } from "@/components/impact/impact-summary";
import { useImpact } from "@/components/impact/use-impact";
import { useImpactCheck } from "@/components/impact/use-impact-check";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { MaskView } from "@/lib/masks/list-masks";
import { masksImpact, masksWith } from "@/lib/policy/impact/draft";
import { readableMasks } from "./editor/mask-draft";
import type { MaskActions } from "./mask-actions";

/** Removes one mask, after saying what that shows. */
export function RemoveMask({
  mask,
  masks,
  connection,
  remove,
  onRemoved,
}: {
  readonly mask: MaskView;
  /** All of the connection. */
  readonly masks: readonly MaskView[];
  readonly connection: string;
  readonly remove: MaskActions["remove"];
  readonly onRemoved: () => void;
}) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const impact = useImpact(masksImpact(connection, masksWith(readableMasks(masks), [], [mask.column])));
  const check = useImpactCheck(impact, open, false);
  return (
    <>
      <Button variant="danger-outline" className="mr-auto" onClick={() => setOpen(true)}>
        Remove
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`Remove the mask of ${mask.column}?`}
        consequences={
          <div className="flex min-w-0 flex-col gap-3">
            <p>
              Within a second everyone whom a policy lets into {connection} sees its columns in clear, unless another
              mask is about them. The history keeps the way back.
            </p>
            <ImpactSummary impact={impact} check={check} />
          </div>
        }
        action="Remove mask"
        {...(check.words === null ? {} : { typedName: check.words })}
        waiting={check.waiting}
        onConfirm={async ({ typed }) => {
          const result = await remove({ id: mask.id, version: mask.version, confirmation: typed });
          if (!result.ok) {
            impact.refused(result.error);
            return errorText(result.error);
          }
          toast.success(`Mask of ${mask.column} removed`);
          router.refresh();
          onRemoved();
          return null;
        }}
      />
    </>
  );
}
