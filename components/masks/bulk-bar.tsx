"use client";

import { EyeOff, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ImpactSummary } from "@/components/impact/impact-summary";
import { useImpact } from "@/components/impact/use-impact";
import { useImpactCheck } from "@/components/impact/use-impact-check";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import { patternKey } from "@/lib/masking/mask-set";
import type { MaskView } from "@/lib/masks/list-masks";
import { masksImpact, masksWith } from "@/lib/policy/impact/draft";
import { readableMasks } from "./editor/mask-draft";
import type { MaskActions } from "./mask-actions";

/** What can be done with the chosen columns, each as one revision. */
export function BulkBar({
  connection,
  columns,
  masks,
  set,
  onMask,
  onDone,
}: {
  readonly connection: { readonly id: string; readonly name: string };
  readonly columns: readonly string[];
  readonly masks: readonly MaskView[];
  readonly set: MaskActions["set"];
  readonly onMask: (columns: readonly string[]) => void;
  readonly onDone: () => void;
}) {
  const router = useRouter();
  const [asking, setAsking] = useState(false);
  const own = new Set(masks.map((one) => patternKey(one.column)));
  const masked = columns.filter((one) => own.has(patternKey(one)));
  const impact = useImpact(masksImpact(connection.name, masksWith(readableMasks(masks), [], masked)));
  const check = useImpactCheck(impact, asking, false);
  const words = (count: number) => (count === 1 ? "1 column" : `${count} columns`);
  return (
    <section
      aria-label="Selected columns"
      className="sticky bottom-2 z-10 flex flex-wrap items-center gap-2 rounded-lg border bg-raised px-3 py-2 shadow-pop"
    >
      <span role="status" className="font-medium text-sm">
        {words(columns.length)} selected
      </span>
      <Button variant="primary" size="sm" onClick={() => onMask(columns)}>
        <EyeOff aria-hidden />
        Set a mask for {words(columns.length)}
      </Button>
      <Button variant="danger-outline" size="sm" disabled={masked.length === 0} onClick={() => setAsking(true)}>
        Remove masks from {words(masked.length)}
      </Button>
      <Button variant="ghost" size="sm" className="ml-auto" onClick={onDone}>
        <X aria-hidden />
        Clear selection
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Remove the masks of ${words(masked.length)}?`}
        consequences={
          <div className="flex min-w-0 flex-col gap-3">
            <p>
              Within a second everyone whom a policy lets into {connection.name} sees them in clear, unless a pattern
              still masks them:
            </p>
            <ul className="max-h-40 overflow-y-auto font-mono text-xs">
              {masked.map((one) => (
                <li key={one} className="break-all">
                  {one}
                </li>
              ))}
            </ul>
            <ImpactSummary impact={impact} check={check} />
          </div>
        }
        action="Remove masks"
        {...(check.words === null ? {} : { typedName: check.words })}
        waiting={check.waiting}
        onConfirm={async ({ typed }) => {
          const change = { connectionId: connection.id, columns: [...masked], mask: null, confirmation: typed };
          const result = await set(change);
          if (!result.ok) {
            impact.refused(result.error);
            return errorText(result.error);
          }
          const { removed, revision } = result.data;
          toast.success(
            `Masks of ${words(removed)} removed`,
            "In force at every gateway within a second",
            revision === null ? undefined : { label: `Revision ${revision}`, href: `/policies/history/${revision}` },
          );
          router.refresh();
          onDone();
          return null;
        }}
      />
    </section>
  );
}
