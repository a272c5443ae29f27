import { cn } from "@/components/ui/cn";
import type { Outcome } from "@/lib/sessions/outcomes";

/** The last statements of a session as ticks, oldest first: a low grey one went well, a tall red one failed. */
export function OutcomeStrip({ outcomes }: { readonly outcomes: readonly Outcome[] }) {
  if (outcomes.length === 0) return <span className="text-faint">–</span>;
  const failed = outcomes.filter((o) => o.errorNumber !== null).length;
  const text = `Last ${outcomes.length} statements: ${outcomes.length - failed} ok, ${failed} failed`;
  return (
    <span role="img" aria-label={text} title={text} className="inline-flex h-4 items-end gap-px">
      {outcomes.map((outcome) => (
        <span
          key={outcome.id}
          className={cn("w-0.5", outcome.errorNumber === null ? "h-2 bg-line-strong/70" : "h-4 bg-danger")}
        />
      ))}
    </span>
  );
}
