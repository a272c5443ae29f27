import { Check } from "lucide-react";
import { cn } from "@/components/ui/cn";

/** Where one is in a wizard. */
export function WizardSteps({ steps, current }: { readonly steps: readonly string[]; readonly current: number }) {
  return (
    <ol aria-label="Steps" className="flex flex-wrap gap-x-4 gap-y-1">
      {steps.map((label, at) => (
        <li
          key={label}
          aria-current={at === current ? "step" : undefined}
          className={cn("flex items-center gap-1.5 text-xs", at === current ? "font-medium text-fg" : "text-muted")}
        >
          <span
            className={cn(
              "flex size-5 items-center justify-center rounded-full border text-[0.6875rem] tabular-nums",
              at === current && "border-accent bg-accent text-accent-fg",
              at < current && "border-transparent bg-ok-soft text-ok",
            )}
          >
            {at < current ? <Check aria-label="done" className="size-3" /> : at + 1}
          </span>
          {label}
        </li>
      ))}
    </ol>
  );
}
