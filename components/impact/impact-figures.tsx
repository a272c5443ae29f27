import { CircleCheck, CircleSlash, Eye, EyeOff, Hourglass } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatCount } from "@/components/ui/format-quantity";
import { CHANGE_LABELS } from "@/lib/policy/impact/labels";
import { IMPACT_CHANGES, type ImpactChangeKind, type ImpactResult, WIDENING } from "@/lib/policy/impact/model";

export const CHANGE_ICONS = {
  newly_blocked: CircleSlash,
  newly_held: Hourglass,
  newly_allowed: CircleCheck,
  newly_unmasked: Eye,
  newly_masked: EyeOff,
} as const satisfies Record<ImpactChangeKind, unknown>;

/** How many statements change in each way, and how many do not. */
export function ImpactFigures({ result }: { readonly result: ImpactResult }) {
  const { totals, statements, unchanged, unknown } = result;
  const told = [
    ...(unknown.text_cut === 0 ? [] : [`of ${formatCount(unknown.text_cut)} the text was too long to be kept whole`]),
    ...(unknown.values_unknown === 0
      ? []
      : [`of ${formatCount(unknown.values_unknown)} the bound values were not recorded`]),
  ];
  return (
    <div className="@container flex min-w-0 flex-col gap-2">
      <dl aria-label="Impact in figures" className="grid grid-cols-5 rounded-md border bg-surface">
        {IMPACT_CHANGES.map((kind) => {
          const Icon = CHANGE_ICONS[kind];
          const count = totals[kind];
          return (
            <div
              key={kind}
              title={CHANGE_LABELS[kind].explanation}
              className="flex min-w-0 flex-col-reverse border-r px-1 @lg:px-2 py-1.5 text-center @lg:text-left last:border-r-0"
            >
              <dt className="flex min-w-0 items-center justify-center gap-1 text-muted text-xs @lg:justify-start">
                <Icon aria-hidden className="hidden size-3 shrink-0 @lg:block" />
                <span className="min-w-0">
                  <span className="sr-only">newly </span>
                  {CHANGE_LABELS[kind].figure}
                </span>
              </dt>
              <dd
                className={cn(
                  "truncate font-semibold text-lg tabular-nums leading-6",
                  count === 0 ? "text-faint" : WIDENING.has(kind) && "text-warn",
                )}
              >
                {formatCount(count)}
              </dd>
            </div>
          );
        })}
      </dl>
      <p className="text-muted text-xs">
        {formatCount(unchanged)} of {formatCount(statements)} {statements === 1 ? "statement" : "statements"} unchanged.
        {told.length === 0 ? "" : ` Nothing can be told of some: ${told.join("; ")}.`}
      </p>
    </div>
  );
}
