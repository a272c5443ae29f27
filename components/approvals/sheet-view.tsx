"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { useShell } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { CopyId } from "@/components/ui/copy-button";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";
import { DecideBar, type DecideBarProps, editorAddress } from "./decide-bar";
import { SheetContext } from "./sheet-context";
import { SheetEffects } from "./sheet-effects";
import { SheetHead } from "./sheet-head";
import { SheetPeople } from "./sheet-people";
import { SheetStatement } from "./sheet-statement";

/** Everything a person needs to decide on a request, with the buttons at the bottom of the view. */
export function SheetView({
  sheet,
  offset,
  heading,
  ...bar
}: Omit<DecideBarProps, "sheet"> & {
  readonly sheet: Wire<ReviewSheet>;
  readonly offset: number;
  readonly heading: (title: string) => ReactNode;
}) {
  const { roles } = useShell();
  const { approval, comparison } = sheet;
  const offersRule = approval.state === "approved" && roles.includes("admin") && comparison?.suggestion.ok === true;
  return (
    <article aria-label="Request" className="flex min-w-0 flex-col gap-4">
      <SheetHead sheet={sheet} offset={offset} heading={heading} />
      <SheetStatement sheet={sheet} />
      <SheetEffects approval={approval} />
      <SheetContext sheet={sheet} />
      <SheetPeople sheet={sheet} />
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-xs">
        <span>
          Request <CopyId value={approval.id} />
        </span>
        <Link href={`/statements/${approval.statementId}`} className="inline-flex min-h-6 items-center underline">
          The statement’s record
        </Link>
        {offersRule ? (
          <Link
            href={editorAddress(approval.id, comparison?.policy?.id ?? null)}
            className={buttonStyles({ size: "sm" })}
          >
            Add as a rule
          </Link>
        ) : null}
      </p>
      <div className="sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center gap-2 border-t bg-bg px-4 py-3 empty:hidden lg:-mx-2 lg:px-2">
        <DecideBar sheet={sheet} {...bar} />
      </div>
    </article>
  );
}
