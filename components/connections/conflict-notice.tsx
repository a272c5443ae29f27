"use client";

import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import type { ErrorBody } from "@/lib/http/error-body";

/** Someone else saved first: who, what they changed, and both ways on. */
export function ConflictNotice({
  error,
  difference,
  onTakeTheirs,
  onKeepMine,
}: {
  readonly error: Pick<ErrorBody, "message">;
  readonly difference?: ReactNode;
  readonly onTakeTheirs: () => void;
  readonly onKeepMine: () => void;
}) {
  return (
    <div role="alert" className="flex flex-col gap-2 rounded-md bg-warn-soft px-3 py-2.5 text-sm text-warn">
      <p className="font-medium">{error.message}.</p>
      {difference}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={onTakeTheirs}>
          Take theirs, discard mine
        </Button>
        <Button size="sm" onClick={onKeepMine}>
          Save mine over it
        </Button>
      </div>
    </div>
  );
}
