"use client";

import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { MaskedSchema } from "@/lib/masks/browse-columns";
import type { MaskView } from "@/lib/masks/list-masks";
import { MethodBadge } from "./method-badge";

/** Masks whose patterns hold a star, and those that are about no column there is. */
export function PatternList({
  masks,
  known,
  onOpen,
}: {
  readonly masks: MaskedSchema["masks"];
  /** Whether the schema is known, so that it can be said what matches. */
  readonly known: boolean;
  readonly onOpen: (mask: MaskView) => void;
}) {
  const shown = masks.filter((one) => one.column.includes("*") || one.counts === 0);
  if (shown.length === 0) return null;
  return (
    <Card
      flush
      title="Masks by pattern"
      description="Of several masks about a column the most specific counts alone, its exemptions too. New columns are covered as they appear."
    >
      <ul>
        {shown.map((one) => (
          <li
            key={one.id}
            className="flex min-h-10 min-w-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-1.5 last:border-b-0"
          >
            <button
              type="button"
              className="min-h-6 min-w-0 break-all text-left font-mono text-xs hover:underline"
              onClick={() => onOpen(one)}
            >
              {one.column}
            </button>
            <MethodBadge method={one.method} options={one.options} />
            {one.exempt.map((group) => (
              <Badge key={group} tone="warn" className="font-mono" title="Exempt group">
                {group}
              </Badge>
            ))}
            <span className={one.counts === 0 && known ? "text-warn text-xs" : "text-muted text-xs"}>
              {!known
                ? ""
                : one.counts === 0
                  ? "masks no column that is known"
                  : `masks ${one.counts} ${one.counts === 1 ? "column" : "columns"}`}
            </span>
            <span className="ml-auto text-faint text-xs">
              <Time value={one.updatedAt} /> by {one.updatedBy}
            </span>
            <Button size="sm" variant="ghost" aria-label={`Open the mask of ${one.column}`} onClick={() => onOpen(one)}>
              Open
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
