import { formatCount } from "@/components/ui/format-quantity";
import type { Surface } from "@/lib/policy/suggest/model";

/** How much of all that could be granted on the connection is: columns times verbs. */
export function SurfaceMeter({ surface }: { readonly surface: Surface }) {
  const { cells, possible, tables, columns } = surface;
  const text = `grants ${formatCount(cells)} of ${formatCount(possible)} column uses`;
  return (
    <span
      className="inline-flex flex-wrap items-center gap-x-2 gap-y-1"
      title={`A use is one column with one verb, e.g. reading shop.orders.id. ${tables} tables, ${columns} columns.`}
    >
      <meter
        aria-label="Surface"
        max={Math.max(1, possible)}
        value={cells}
        className="h-1.5 w-24 appearance-none overflow-hidden rounded-full bg-hover [&::-moz-meter-bar]:bg-accent [&::-webkit-meter-bar]:h-1.5 [&::-webkit-meter-bar]:rounded-full [&::-webkit-meter-bar]:border-0 [&::-webkit-meter-bar]:bg-hover [&::-webkit-meter-inner-element]:block [&::-webkit-meter-optimum-value]:min-w-0.5 [&::-webkit-meter-optimum-value]:bg-accent"
      >
        {text}
      </meter>
      <span className="tabular-nums">{text}</span>
    </span>
  );
}
