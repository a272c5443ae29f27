import { cn } from "@/components/ui/cn";
import { OUTCOME_LABELS } from "@/lib/policy/impact/labels";
import type { ImpactOutcome } from "@/lib/policy/impact/model";

/** What becomes of a statement, and by which rule. */
export function ImpactOutcomeText({ word, outcome }: { readonly word: string; readonly outcome: ImpactOutcome }) {
  const { kind, policy, rule, reason } = outcome;
  const by = policy === null ? null : rule === null ? policy : `${policy} / ${rule}`;
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-faint text-xs">{word}</dt>
      <dd className="flex min-w-0 flex-col">
        <span
          className={cn("font-medium", kind === "passes" ? "text-ok" : kind === "held" ? "text-warn" : "text-danger")}
        >
          {OUTCOME_LABELS[kind]}
        </span>
        <span className="break-words text-muted text-xs first-letter:uppercase">{reason}.</span>
        {by === null ? null : <span className="break-words font-mono text-faint text-xs">{by}</span>}
      </dd>
    </div>
  );
}
