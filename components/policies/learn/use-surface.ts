"use client";

import { useEffect, useMemo, useState } from "react";
import { send } from "@/components/ui/send";
import type { ProposedPolicy, Surface } from "@/lib/policy/suggest/model";
import { type ProposalReview, takenRules, UNTOUCHED } from "@/lib/policy/suggest/review";

const REST_MS = 250;

/** What the rules taken so far would grant: the proposal's own surface while nothing is changed, else the server counts. */
export function useSurface(connection: string, proposal: ProposedPolicy, review: ProposalReview): Surface | null {
  const proposed = useMemo(() => JSON.stringify(takenRules(proposal, UNTOUCHED)), [proposal]);
  const rules = useMemo(() => JSON.stringify(takenRules(proposal, review)), [proposal, review]);
  const [counted, setCounted] = useState<{ readonly rules: string; readonly surface: Surface | null } | null>(null);
  const untouched = rules === proposed;
  useEffect(() => {
    if (untouched) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const question = { connection, rules: JSON.parse(rules) };
      const answer = await send<{ surface: Surface | null }>("POST", "/api/policies/surface", question, stop.signal);
      if (!stop.signal.aborted) setCounted({ rules, surface: answer.ok ? answer.data.surface : null });
    }, REST_MS);
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [connection, rules, untouched]);
  if (untouched) return proposal.surface;
  return counted?.rules === rules ? counted.surface : null;
}
