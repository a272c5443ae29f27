"use client";

import { ChevronRight, Pencil, TriangleAlert, Undo2 } from "lucide-react";
import { useId } from "react";
import { EffectBadge } from "@/components/policies/effect-badge";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { describeRule } from "@/lib/policy/draft/describe-rule";
import { RISK_LABELS } from "@/lib/policy/suggest/labels";
import type { ProposedRule } from "@/lib/policy/suggest/model";
import { type Choice, choiceOf, type ProposalReview, reviewedRule } from "@/lib/policy/suggest/review";
import { EffectSwitch } from "./effect-switch";
import { RuleEvidence } from "./rule-evidence";

export interface ProposedRuleCardProps {
  readonly proposed: ProposedRule;
  /** Its place in the proposal. */
  readonly at: number;
  /** Names it on the page, for the keys. */
  readonly cardKey: string;
  readonly review: ProposalReview;
  readonly open: boolean;
  readonly evidence: { readonly connection: string; readonly since: string; readonly until: string };
  readonly onToggle: () => void;
  /** Null for people who may only look. */
  readonly decide: {
    readonly choose: (choice: Choice) => void;
    readonly edit: () => void;
    readonly undoEdit: () => void;
  } | null;
}

/** One proposed rule: what it says, why it is set apart, what it allows beyond what was seen, and what is to become of it. */
export function ProposedRuleCard({
  proposed,
  at,
  cardKey,
  review,
  open,
  evidence,
  onToggle,
  decide,
}: ProposedRuleCardProps) {
  const evidenceId = useId();
  const choice = choiceOf(proposed, at, review);
  const rule = reviewedRule(proposed, at, review);
  const edited = review.edits[at] !== undefined;
  return (
    <li
      data-proposed-rule={cardKey}
      className={cn(
        "min-w-0 rounded-lg border bg-surface focus-within:border-accent",
        choice === "leave" && "border-dashed bg-bg",
      )}
    >
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 p-3">
        <button
          type="button"
          data-rule-focus
          aria-expanded={open}
          aria-controls={evidenceId}
          className="flex min-w-0 flex-1 basis-80 items-start gap-2 rounded text-left"
          onClick={onToggle}
        >
          <ChevronRight
            aria-hidden
            className={cn("mt-0.5 size-4 shrink-0 text-faint transition-transform", open && "rotate-90")}
          />
          <span className="flex min-w-0 flex-col gap-0.5">
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
              <span className={cn("min-w-0 break-words font-medium", choice === "leave" && "text-muted line-through")}>
                {rule.name}
              </span>
              {edited ? <Badge tone="info">Edited</Badge> : null}
              {proposed.risks.map(({ risk }) => (
                <Badge key={risk} tone="warn">
                  <TriangleAlert aria-hidden />
                  {RISK_LABELS[risk]}
                </Badge>
              ))}
            </span>
            <span className="break-words text-muted text-xs">{describeRule(rule)}</span>
            {rule.template === undefined ? null : (
              <code className="block max-w-full truncate font-mono text-xs">
                <SqlText sql={rule.template} />
              </code>
            )}
            <span className="text-faint text-xs">
              {proposed.statements === 1 ? "Seen once" : `Seen ${formatCount(proposed.statements)} times`}, last{" "}
              <Time value={proposed.lastAt} />. {open ? "Hide" : "Show"} the evidence.
            </span>
          </span>
        </button>
        {decide === null ? (
          <EffectBadge effect={rule.effect} />
        ) : (
          <span className="flex flex-wrap items-center gap-1.5">
            <EffectSwitch name={rule.name} value={choice} onChange={decide.choose} />
            <Button variant="ghost" size="sm" aria-label={`Edit ${rule.name}`} onClick={decide.edit}>
              <Pencil aria-hidden />
              Edit
            </Button>
            {edited ? (
              <Button variant="ghost" size="sm" aria-label={`Undo the edit of ${rule.name}`} onClick={decide.undoEdit}>
                <Undo2 aria-hidden />
                Undo edit
              </Button>
            ) : null}
          </span>
        )}
        <Notes proposed={proposed} />
      </div>
      <div id={evidenceId} hidden={!open} className="border-t p-3">
        {open ? <RuleEvidence proposed={proposed} {...evidence} /> : null}
      </div>
    </li>
  );
}

/** Why it is set apart, what it allows beyond what was seen, and what else to know; each a sentence without a full stop. */
function Notes({ proposed: { risks, wider, notes } }: { readonly proposed: ProposedRule }) {
  const items = [
    { title: "Set apart because", look: "text-warn", texts: risks.map(({ why }) => why) },
    { title: "Beyond what was seen", look: "text-fg", texts: wider },
    { title: "Good to know", look: "text-fg", texts: notes },
  ].filter(({ texts }) => texts.length > 0);
  if (items.length === 0) return null;
  return (
    <dl className="flex w-full flex-col gap-1 pl-6 text-xs">
      {items.map(({ title, look, texts }) => (
        <div key={title} className="flex flex-wrap gap-x-2">
          <dt className={cn("font-medium", look)}>{title}</dt>
          <dd className="min-w-0 break-words text-muted">{texts.join("; ")}.</dd>
        </div>
      ))}
    </dl>
  );
}
