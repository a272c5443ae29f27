"use client";

import { OctagonAlert } from "lucide-react";
import { Button } from "@/components/ui/button";

/** Says that the first question is whether there should be such a policy at all. */
export function ApartNotice({
  why,
  wanted,
  onChange,
}: {
  readonly why: string;
  readonly wanted: boolean;
  /** Left out for people who may only look. */
  readonly onChange?: (wanted: boolean) => void;
}) {
  return (
    <div role="note" className="flex flex-col gap-3 rounded-md border border-danger/60 bg-danger-soft p-3">
      <div className="flex items-start gap-2">
        <OctagonAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
        <div className="min-w-0 text-sm">
          <p className="font-semibold text-danger">Should it have a policy at all?</p>
          <p className="break-words text-fg">{why}.</p>
        </div>
      </div>
      {onChange === undefined ? null : (
        <div className="flex flex-wrap gap-2">
          <Button aria-pressed={!wanted} variant={wanted ? "secondary" : "primary"} onClick={() => onChange(false)}>
            {wanted ? "Leave it out" : "Left out"}
          </Button>
          <Button aria-pressed={wanted} variant={wanted ? "primary" : "secondary"} onClick={() => onChange(true)}>
            Look at it all the same
          </Button>
        </div>
      )}
    </div>
  );
}
