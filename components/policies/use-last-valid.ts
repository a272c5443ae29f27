import { useState } from "react";
import type { PolicyDraft } from "@/lib/policy/draft/draft";

/** The draft while it is right, else its last state that was; null when there was none. */
export function useLastValid(draft: PolicyDraft, isValid: boolean): PolicyDraft | null {
  const [last, setLast] = useState(isValid ? draft : null);
  if (isValid && last !== draft) setLast(draft);
  return isValid ? draft : last;
}
