"use client";

import { CircleCheck, CircleMinus, Hourglass } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { SHORTCUTS } from "@/components/ui/shortcuts";
import { Tooltip } from "@/components/ui/tooltip";
import { CHOICES, type Choice } from "@/lib/policy/suggest/review";

const LOOKS = {
  allow: { label: "Allow", icon: CircleCheck, on: "bg-ok-soft text-ok", keys: SHORTCUTS["learn.allow"].keys },
  review: { label: "Review", icon: Hourglass, on: "bg-warn-soft text-warn", keys: SHORTCUTS["learn.review"].keys },
  leave: { label: "Leave out", icon: CircleMinus, on: "bg-selected text-fg", keys: SHORTCUTS["learn.leave"].keys },
} as const;

/** What is to become of a proposed rule. */
export function EffectSwitch({
  name,
  value,
  onChange,
}: {
  readonly name: string;
  readonly value: Choice;
  readonly onChange: (choice: Choice) => void;
}) {
  return (
    <fieldset className="inline-flex shrink-0 rounded-md border bg-surface p-0.5">
      <legend className="sr-only">Effect of {name}</legend>
      {CHOICES.map((choice) => {
        const { label, icon: Icon, on, keys } = LOOKS[choice];
        return (
          <Tooltip key={choice} content={label} keys={keys}>
            <button
              type="button"
              aria-pressed={value === choice}
              className={cn(
                "inline-flex h-7 items-center gap-1 rounded px-2 font-medium text-xs [&_svg]:size-3.5",
                value === choice ? on : "text-muted hover:bg-hover",
              )}
              onClick={() => onChange(choice)}
            >
              <Icon aria-hidden />
              {label}
            </button>
          </Tooltip>
        );
      })}
    </fieldset>
  );
}
