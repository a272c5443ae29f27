"use client";

import { useShortcut } from "@/components/ui/shortcuts";
import type { Choice } from "@/lib/policy/suggest/review";

const FOCUS = "[data-proposed-rule] [data-rule-focus]";

/** The rule that has the focus, by the key of its card. */
function focused(): string | null {
  const card = document.activeElement?.closest("[data-proposed-rule]");
  return card instanceof HTMLElement ? (card.dataset.proposedRule ?? null) : null;
}

/** j and k go from rule to rule; a, r and x choose for the rule that has the focus, e shows its evidence. */
export function useRuleKeys({
  onChoose,
  onEvidence,
}: {
  /** Null for people who may only look. */
  readonly onChoose: ((key: string, choice: Choice) => void) | null;
  readonly onEvidence: (key: string) => void;
}): void {
  const move = (step: 1 | -1) => (event: KeyboardEvent) => {
    event.preventDefault();
    const all = [...document.querySelectorAll<HTMLElement>(FOCUS)];
    const key = focused();
    const at = all.findIndex((one) => one.closest<HTMLElement>("[data-proposed-rule]")?.dataset.proposedRule === key);
    all[at < 0 ? (step === 1 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]?.focus();
  };
  const choose = (choice: Choice) => () => {
    const key = focused();
    if (key !== null) onChoose?.(key, choice);
  };
  useShortcut("list.next", move(1));
  useShortcut("list.previous", move(-1));
  useShortcut("learn.allow", choose("allow"), onChoose !== null);
  useShortcut("learn.review", choose("review"), onChoose !== null);
  useShortcut("learn.leave", choose("leave"), onChoose !== null);
  useShortcut("learn.evidence", () => {
    const key = focused();
    if (key !== null) onEvidence(key);
  });
}
