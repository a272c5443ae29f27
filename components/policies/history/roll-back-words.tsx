"use client";

import { useEffect } from "react";
import { ImpactSummary } from "@/components/impact/impact-summary";
import { useImpact } from "@/components/impact/use-impact";
import { useImpactCheck } from "@/components/impact/use-impact-check";
import { TypedWords } from "@/components/ui/typed-words";
import type { RollBackDraft } from "@/lib/policy/revisions/roll-back-drafts";

/** What a rollback would have done on one connection, and the words for it. Tells what was typed once they are right; null before. */
export function RollBackWords({
  draft,
  loosens,
  unseen,
  onTyped,
}: RollBackDraft & { readonly onTyped: (connection: string, typed: string | null) => void }) {
  const { connection } = draft;
  const impact = useImpact(draft);
  const check = useImpactCheck(impact, true, false, { observes: draft.mode === "observe", loosens, unseen });
  const typed = check.ready ? (check.confirmation.confirmation ?? "") : null;
  useEffect(() => onTyped(connection, typed), [connection, typed, onTyped]);
  return (
    <section aria-label={`On ${connection}`} className="flex min-w-0 flex-col gap-2 text-fg">
      <h3 className="break-words font-medium text-sm">On {connection}</h3>
      <ImpactSummary impact={impact} check={check} />
      {check.words === null ? null : <TypedWords words={check.words} value={check.typed} onChange={check.setTyped} />}
    </section>
  );
}
