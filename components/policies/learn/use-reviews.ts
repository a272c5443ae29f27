"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import { z } from "zod";
import { type ProposalReview, proposalReview, UNTOUCHED } from "@/lib/policy/suggest/review";

const reviews = z.record(z.string(), proposalReview);
type Reviews = z.output<typeof reviews>;
const listeners = new Set<() => void>();
const keyOf = (analysis: string) => `sallyport.learned.${analysis}`;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What this tab remembers; what is not of this version is nothing. */
function read(text: string | null): Reviews {
  if (text === null) return {};
  try {
    return reviews.safeParse(JSON.parse(text)).data ?? {};
  } catch {
    return {};
  }
}

/** What the person made of each policy of a proposal so far. The tab remembers it, also over reloads and in the editor. */
export function useReviews(analysis: string) {
  const key = keyOf(analysis);
  const text = useSyncExternalStore(
    subscribe,
    () => window.sessionStorage.getItem(key),
    () => null,
  );
  const all = useMemo(() => read(text), [text]);
  const change = useCallback(
    (policy: number, next: (before: ProposalReview) => ProposalReview) => {
      const before = read(window.sessionStorage.getItem(key));
      window.sessionStorage.setItem(key, JSON.stringify({ ...before, [policy]: next(before[policy] ?? UNTOUCHED) }));
      for (const each of listeners) each();
    },
    [key],
  );
  return { reviewOf: (policy: number): ProposalReview => all[policy] ?? UNTOUCHED, change };
}
