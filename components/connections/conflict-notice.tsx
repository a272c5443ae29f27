"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { ErrorBody } from "@/lib/http/error-body";

/** Someone else saved first: who, what they changed, and both ways on. */
export function ConflictNotice({
  error,
  difference,
  current,
  onTakeTheirs,
  onKeepMine,
}: {
  readonly error: Pick<ErrorBody, "message">;
  readonly difference?: ReactNode;
  /** Whether the page has read what they saved; before that there is nothing to compare with or to save over. */
  readonly current: boolean;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}) {
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md bg-warn-soft px-3 py-2.5 text-sm text-warn">
      <p className="font-medium">{error.message}.</p>
      {current ? difference : <p>Reading what was changed…</p>}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" disabled={!current} onClick={onTakeTheirs}>
          Take theirs, discard mine
        </Button>
        <Button size="sm" disabled={!current} onClick={onKeepMine}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
