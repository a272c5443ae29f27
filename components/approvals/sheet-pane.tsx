"use client";

import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { DecideBarProps } from "./decide-bar";
import { SheetSkeleton } from "./sheet-skeleton";
import { SheetView } from "./sheet-view";
import { useSheet } from "./use-sheet";

/** The request beside the list, read when it is chosen and whenever it changes. */
export function SheetPane({
  id,
  keys,
  onSettled,
}: {
  readonly id: string;
} & Pick<DecideBarProps, "keys" | "onSettled">) {
  const { sheet, offset, error, ask } = useSheet(id, null);
  if (sheet !== null) {
    return (
      <SheetView
        key={id}
        sheet={sheet}
        offset={offset}
        keys={keys}
        onSettled={onSettled}
        onChanged={ask}
        heading={(title) => (
          <h2 tabIndex={-1} data-sheet-title className="min-w-0 break-words font-semibold text-base outline-none">
            {title}
          </h2>
        )}
      />
    );
  }
  if (error !== null) {
    return (
      <EmptyState
        kind="error"
        title={error.message}
        requestId={error.requestId === "" ? undefined : error.requestId}
        action={<Button onClick={ask}>Try again</Button>}
      >
        {error.next}
      </EmptyState>
    );
  }
  return <SheetSkeleton />;
}
