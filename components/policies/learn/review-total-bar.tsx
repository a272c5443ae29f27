import { cn } from "@/components/ui/cn";
import { formatCount, formatShare } from "@/components/ui/format-quantity";
import type { Surface } from "@/lib/policy/suggest/model";
import type { ReviewTotal } from "@/lib/policy/suggest/review";
import { SurfaceMeter } from "./surface-meter";

const PARTS = [
  { key: "allowed", label: "allowed", look: "bg-ok" },
  { key: "held", label: "held", look: "bg-warn" },
  { key: "notCovered", label: "not covered", look: "bg-danger" },
] as const;

/** What is taken of a proposal so far: how many rules, and what would become of the statements it was learned from. */
export function ReviewTotalBar({
  total,
  surface,
}: {
  readonly total: ReviewTotal;
  /** Null while it is being counted, and where it can not be. */
  readonly surface: Surface | null;
}) {
  const { rules, statements } = total;
  return (
    <div role="status" aria-label="Taken so far" className="flex min-w-0 flex-1 basis-72 flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm tabular-nums">
        <span>
          <span className="font-medium">{rules.allow}</span> allow, <span className="font-medium">{rules.review}</span>{" "}
          review, <span className="font-medium">{rules.leave}</span> left out
        </span>
        <span className="min-h-5 text-muted text-xs">
          {surface === null ? null : <SurfaceMeter surface={surface} label="Surface of what is taken" />}
        </span>
      </p>
      <span aria-hidden className="flex h-1.5 w-full max-w-md overflow-hidden rounded-full bg-hover">
        {PARTS.map(({ key, look }) => (
          <span
            key={key}
            className={cn("h-full", look)}
            style={{ width: `${statements.all === 0 ? 0 : (statements[key] / statements.all) * 100}%` }}
          />
        ))}
      </span>
      <p
        className="flex flex-wrap gap-x-3 text-muted text-xs tabular-nums"
        title="Counted by the statements each rule was learned from; the editor's impact decides each one."
      >
        {PARTS.map(({ key, label, look }) => (
          <span key={key} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <span aria-hidden className={cn("size-2 rounded-full", look)} />
            {formatShare(statements[key], statements.all)} {label} ({formatCount(statements[key])})
          </span>
        ))}
        {statements.needNoRule === 0 ? null : <span>{formatCount(statements.needNoRule)} more need no rule</span>}
      </p>
    </div>
  );
}
