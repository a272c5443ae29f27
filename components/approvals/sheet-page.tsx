"use client";

import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";
import { SheetView } from "./sheet-view";
import { useSheet } from "./use-sheet";

/** One request as a page of its own: the permanent link, and the way a phone shows it. */
export function SheetPage({ first }: { readonly first: Wire<ReviewSheet> }) {
  const { sheet, offset, ask } = useSheet(first.approval.id, first);
  return (
    <SheetView
      sheet={sheet ?? first}
      offset={offset}
      keys
      onSettled={ask}
      onChanged={ask}
      heading={(title) => <h1 className="min-w-0 break-words font-semibold text-lg leading-7">{title}</h1>}
    />
  );
}
