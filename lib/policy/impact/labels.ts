import type { ImpactChangeKind, ImpactOutcome } from "./model";

/** What each kind of change is called, and what it means. */
export const CHANGE_LABELS: Readonly<
  Record<ImpactChangeKind, { readonly label: string; readonly figure: string; readonly explanation: string }>
> = {
  newly_blocked: { label: "Newly blocked", figure: "blocked", explanation: "They ran or waited, and would be refused" },
  newly_held: { label: "Newly held", figure: "held", explanation: "A person would have to decide on them" },
  newly_allowed: { label: "Newly allowed", figure: "allowed", explanation: "They would run without anybody deciding" },
  newly_unmasked: {
    label: "Newly unmasked",
    figure: "unmasked",
    explanation: "They would show values that were hidden",
  },
  newly_masked: { label: "Newly masked", figure: "masked", explanation: "They would hide values that were shown" },
};

/** What becomes of a statement, in a word. */
export const OUTCOME_LABELS: Readonly<Record<ImpactOutcome["kind"], string>> = {
  passes: "passes",
  held: "is held for review",
  denied: "is denied",
  unsafe: "is refused by masks",
  not_understood: "is not understood",
  no_policy: "no policy lets it in",
};
