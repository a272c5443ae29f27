"use client";

import { useCallback, useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import type { PublishedProposal } from "@/lib/learning/list-published";
import type { LearnResult } from "@/lib/policy/suggest/model";
import { type Choice, reviewedRule, withChoice, withEdit } from "@/lib/policy/suggest/review";
import { EditRuleSheet } from "./edit-rule-sheet";
import { PolicyProposal } from "./policy-proposal";
import { useReviews } from "./use-reviews";
import { useRuleKeys } from "./use-rule-keys";

interface Edited {
  readonly policy: number;
  readonly at: number;
}

/** All policies of a proposal, to accept, edit or leave out rule by rule. Nothing is changed but what this tab remembers. */
export function ProposalReviewView({
  analysis,
  connection,
  period,
  result,
  existing,
  published,
  mayEdit,
}: {
  readonly analysis: string;
  /** `id` null: the connection is gone, and nothing can be published on it. */
  readonly connection: { readonly id: string | null; readonly name: string };
  readonly period: { readonly since: string; readonly until: string };
  readonly result: LearnResult;
  /** For each proposed policy those in force that bind one of the same identities. */
  readonly existing: readonly (readonly { readonly id: string; readonly name: string }[])[];
  readonly published: readonly PublishedProposal[];
  readonly mayEdit: boolean;
}) {
  const { reviewOf, change } = useReviews(analysis);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Edited | null>(null);
  const decides = mayEdit && connection.id !== null;
  const ruleAt = (policy: number, at: number) => result.policies[policy]?.rules[at];

  const toggle = useCallback((key: string) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  function choose(policy: number, at: number, choice: Choice) {
    const proposed = ruleAt(policy, at);
    if (proposed !== undefined) change(policy, (before) => withChoice(proposed, at, before, choice));
  }
  useRuleKeys({
    onChoose: decides
      ? (key, choice) => {
          const [policy, at] = key.split(":").map(Number);
          if (policy !== undefined && at !== undefined) choose(policy, at, choice);
        }
      : null,
    onEvidence: toggle,
  });

  const proposed = editing === null ? undefined : ruleAt(editing.policy, editing.at);
  if (result.policies.length === 0) {
    return (
      <div className="rounded-lg border bg-surface">
        <EmptyState kind="no-result" title="Nothing to propose">
          Nobody who was chosen ran a statement in this period. Choose a longer one, or other identities.
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      {result.policies.map((proposal, index) => {
        const learned = new URLSearchParams({ learned: analysis, proposed: String(index) });
        return (
          <PolicyProposal
            key={proposal.policy.name}
            proposal={proposal}
            index={index}
            review={reviewOf(index)}
            open={open}
            evidence={{ connection: connection.name, ...period }}
            published={published.filter((one) => one.proposed === index)}
            onToggle={toggle}
            decide={
              decides
                ? {
                    want: (wanted) => change(index, (before) => ({ ...before, wanted })),
                    choose: (at, choice) => choose(index, at, choice),
                    edit: (at) => setEditing({ policy: index, at }),
                    undoEdit: (at) => {
                      const one = ruleAt(index, at);
                      if (one !== undefined) change(index, (before) => withEdit(one, at, before, null));
                    },
                    newHref: `/policies/new?${learned}&${new URLSearchParams({ connection: connection.name })}`,
                    existing: (existing[index] ?? []).map((one) => ({
                      ...one,
                      href: `/policies/${one.id}?${learned}`,
                    })),
                  }
                : null
            }
          />
        );
      })}
      {connection.id === null ? null : (
        <EditRuleSheet
          connection={{ id: connection.id, name: connection.name }}
          rule={
            editing === null || proposed === undefined
              ? null
              : reviewedRule(proposed, editing.at, reviewOf(editing.policy))
          }
          onClose={() => setEditing(null)}
          onSave={(rule) => {
            if (editing !== null && proposed !== undefined) {
              change(editing.policy, (before) => withEdit(proposed, editing.at, before, rule));
            }
          }}
        />
      )}
    </>
  );
}
