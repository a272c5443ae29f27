"use client";

import Link from "next/link";
import { useState } from "react";
import { useHydrated } from "@/components/connections/use-hydrated";
import { PolicyEditor, type PolicyEditorProps } from "@/components/policies/policy-editor";
import { ListSkeleton } from "@/components/ui/skeleton";
import type { LearnedOrigin } from "@/lib/policy/policy-input";
import { type LearnedPolicy, learnedDraft, mergedDraft, takenRules } from "@/lib/policy/suggest/review";
import { useReviews } from "./use-reviews";

interface Learned {
  readonly origin: LearnedOrigin;
  readonly policy: LearnedPolicy;
}

/** The policy editor, opened with what was taken of a proposal, or without one. */
export function LearnedEditor({ learned, ...editor }: PolicyEditorProps & { readonly learned: Learned | null }) {
  const hydrated = useHydrated();
  if (learned === null) return <PolicyEditor {...editor} />;
  // What was taken is known to this tab only.
  return hydrated ? <WithProposal learned={learned} {...editor} /> : <ListSkeleton columns={2} rows={6} />;
}

function WithProposal({
  learned: { origin, policy },
  stored,
  starting,
  actions,
  ...editor
}: PolicyEditorProps & { readonly learned: Learned }) {
  const review = useReviews(origin.analysis).reviewOf(origin.policy);
  // What it opens with stays what it opened with, whatever is published from here.
  const [draft] = useState(() =>
    stored === null ? learnedDraft(policy, starting.connection, review) : mergedDraft(stored.draft, policy, review),
  );
  const [count] = useState(() =>
    stored === null ? takenRules(policy, review).length : draft.rules.length - stored.draft.rules.length,
  );
  return (
    <>
      <p className="rounded-md bg-info-soft px-3 py-2 text-info text-sm">
        {count === 0
          ? "It has all the rules that are taken of the proposal already. "
          : `${count === 1 ? "One rule comes" : `${count} rules come`} from what was learned. `}
        <Link
          href={`/policies/learn/${origin.analysis}`}
          className="inline-flex min-h-6 items-center underline underline-offset-4"
        >
          Back to the proposal
        </Link>
      </p>
      <PolicyEditor
        {...editor}
        stored={stored}
        starting={draft}
        actions={
          actions === null
            ? null
            : {
                create: (input) => actions.create({ ...input, learned: origin }),
                update: (input) => actions.update({ ...input, learned: origin }),
              }
        }
      />
    </>
  );
}
