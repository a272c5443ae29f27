"use client";

import { Check, RotateCcw, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { FindingView } from "@/lib/findings/list";
import type { Decisions } from "./use-decisions";

/** One answer to all chosen suggestions. */
export function FindingBar({
  show,
  rows,
  decisions,
  onClear,
}: {
  readonly show: "unreviewed" | "accepted" | "dismissed";
  readonly rows: readonly FindingView[];
  readonly decisions: Decisions;
  readonly onClear: () => void;
}) {
  const { accept, dismiss, reopen, pending } = decisions;
  return (
    <section
      aria-label="Selected suggestions"
      className="sticky bottom-2 z-10 flex flex-wrap items-center gap-2 rounded-lg border bg-raised px-3 py-2 shadow-pop"
    >
      <span role="status" className="font-medium text-sm">
        {rows.length === 1 ? "1 suggestion" : `${rows.length} suggestions`} selected
      </span>
      {show === "unreviewed" ? (
        <>
          <Button variant="primary" size="sm" pending={pending} onClick={() => void accept(rows)}>
            <Check aria-hidden />
            Accept {rows.length}
          </Button>
          <Button size="sm" pending={pending} onClick={() => void dismiss(rows)}>
            <X aria-hidden />
            Dismiss {rows.length}
          </Button>
        </>
      ) : (
        <Button size="sm" pending={pending} onClick={() => void reopen(rows)}>
          <RotateCcw aria-hidden />
          Review {rows.length} again
        </Button>
      )}
      <Button variant="ghost" size="sm" className="ml-auto" onClick={onClear}>
        Clear selection
      </Button>
    </section>
  );
}
