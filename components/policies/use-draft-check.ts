"use client";

import { useEffect, useState } from "react";
import { send } from "@/components/ui/send";
import type { DraftFindings } from "@/lib/policy/draft/check-draft";
import type { PolicyDraft } from "@/lib/policy/draft/draft";

const TYPING_MS = 400;
const NOTHING: DraftFindings = { warnings: [], templates: {}, schemaKnown: true };

/** Asks the server about the draft whenever it rests. The last answer stands until the next. */
export function useDraftCheck(draft: PolicyDraft): DraftFindings {
  const [findings, setFindings] = useState(NOTHING);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const { connection, rules, budgets, sudden } = draft;
      const answer = await send<DraftFindings>("POST", "/api/policies/check", {
        ...{ connection, rules, budgets, sudden },
      });
      if (current && answer.ok) setFindings(answer.data);
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [draft]);
  return findings;
}
