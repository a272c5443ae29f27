"use client";

import { Button } from "@/components/ui/button";
import type { Impact, ImpactRun } from "./use-impact";

/** How far it is, with the way to stop it. */
export function ImpactRunning({
  run,
  cancel,
}: {
  readonly run: Extract<ImpactRun, { kind: "running" }>;
  readonly cancel: Impact["cancel"];
}) {
  return (
    <div className="flex min-w-0 items-end gap-3">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p role="status" className="truncate text-sm">
          {run.stopping ? "Cancelling …" : (run.step ?? "Waiting for a console to begin …")}
        </p>
        <progress aria-label="Impact" value={run.progress} max={1} className="h-1.5 w-full accent-accent" />
      </div>
      <Button size="sm" disabled={run.id === null || run.stopping} onClick={cancel}>
        Cancel
      </Button>
    </div>
  );
}
