"use client";

import { useShortcut } from "@/components/ui/shortcuts";

/** The keys of the list: j and k choose, enter goes into the request, x selects, d denies what is selected. */
export function useQueueKeys({
  ids,
  chosen,
  onChoose,
  onToggle,
  onDeny,
  bulk,
}: {
  readonly ids: readonly string[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onToggle: (id: string) => void;
  readonly onDeny: () => void;
  /** Whether rows are selected: then d means all of them. */
  readonly bulk: boolean;
}): void {
  const move = (step: 1 | -1) => (event: KeyboardEvent) => {
    event.preventDefault();
    const at = chosen === null ? -1 : ids.indexOf(chosen);
    const next = ids[at < 0 ? (step === 1 ? 0 : ids.length - 1) : Math.min(Math.max(at + step, 0), ids.length - 1)];
    if (next === undefined) return;
    onChoose(next);
    document.querySelector<HTMLElement>(`[data-queue-row="${next}"]`)?.focus();
  };
  useShortcut("list.next", move(1));
  useShortcut("list.previous", move(-1));
  useShortcut("list.open", (event) => {
    const title = document.querySelector<HTMLElement>("[data-sheet-title]");
    // On buttons and other links enter is theirs.
    const elsewhere = event.target instanceof HTMLElement && event.target.matches("a:not([data-queue-row]),button");
    if (title === null || elsewhere) return;
    event.preventDefault();
    title.focus();
  });
  useShortcut("list.select", () => {
    if (chosen !== null) onToggle(chosen);
  });
  useShortcut("approval.deny", onDeny, bulk);
}
