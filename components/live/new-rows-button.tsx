"use client";

import { ArrowUp } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { Button } from "@/components/ui/button";

/** "3 new statements": rows are announced, and shown only when asked for, so that nothing moves under the pointer. */
export function NewRowsButton({
  count,
  atMost,
  noun,
}: {
  readonly count: number;
  /** The count stops here, and says "or more". */
  readonly atMost?: number;
  readonly noun: { readonly one: string; readonly many: string };
}) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const number = atMost !== undefined && count >= atMost ? `${atMost} or more` : String(count);
  return (
    <span role="status">
      {count === 0 ? null : (
        <Button
          variant="secondary"
          size="sm"
          className="border-accent text-accent-text"
          onClick={() => {
            const first = new URLSearchParams(params);
            first.delete("cursor");
            router.push(`${pathname}?${first}`);
            router.refresh();
          }}
        >
          <ArrowUp aria-hidden />
          {number} new {count === 1 ? noun.one : noun.many}
        </Button>
      )}
    </span>
  );
}
