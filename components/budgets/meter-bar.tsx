import { cn } from "@/components/ui/cn";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import type { Budget } from "@/lib/policy/budget";
import { measureWords, usedUpWords } from "@/lib/policy/budget-words";

const NEARLY = 0.8;

/** An amount of what a budget counts. */
export function amountWords(measure: Budget["measure"], amount: number): string {
  return measure === "bytes" ? formatBytes(amount) : formatCount(amount);
}

/** How full a budget is: a bar, the figures, and a word where it is full or nearly. */
export function MeterBar({
  budget,
  enforced,
  used,
  label,
}: {
  readonly budget: Budget;
  /** False where the connection only observes. */
  readonly enforced: boolean;
  readonly used: number;
  readonly label: string;
}) {
  const { measure, max, over } = budget;
  const share = used / max;
  const state = share >= 1 ? "full" : share >= NEARLY ? "nearly" : "free";
  const figures =
    measure === "bytes"
      ? `${amountWords(measure, used)} of ${amountWords(measure, max)}`
      : `${amountWords(measure, used)} of ${amountWords(measure, max)} ${measureWords(measure, max)}`;
  const word = {
    full: usedUpWords(over, enforced),
    nearly: "nearly used up",
    free: "",
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <span className="flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="tabular-nums">{figures}</span>
        {state === "free" ? null : (
          <span className={cn("font-medium text-xs", state === "full" ? "text-danger" : "text-warn")}>
            {word[state]}
          </span>
        )}
      </span>
      <meter className="sr-only" aria-label={label} min={0} max={max} value={Math.min(used, max)}>
        {figures}
      </meter>
      <div aria-hidden className="h-2 w-full overflow-hidden rounded-full bg-hover">
        <div
          className={cn("h-full rounded-full", { full: "bg-danger", nearly: "bg-warn", free: "bg-accent" }[state])}
          style={{ width: `${Math.min(100, Math.max(used > 0 ? 2 : 0, share * 100))}%` }}
        />
      </div>
    </div>
  );
}
