import { formatCount } from "@/components/ui/format-quantity";
import type { Surface } from "@/lib/policy/suggest/model";

/** How much of all that could be granted on the connection is: columns times verbs. */
export function SurfaceMeter({ surface, label }: { readonly surface: Surface; readonly label: string }) {
  const { cells, possible, tables, columns } = surface;
  const share = possible === 0 ? 0 : Math.min(1, cells / possible);
  const text = `grants ${formatCount(cells)} of ${formatCount(possible)} column uses`;
  return (
    <span
      className="inline-flex flex-wrap items-center gap-x-2 gap-y-1"
      title={`A use is one column with one verb, e.g. reading shop.orders.id. ${tables} tables, ${columns} columns.`}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> in colours of their own, which the dark theme can not have */}
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={possible}
        aria-valuenow={cells}
        aria-valuetext={text}
        className="inline-block h-1.5 w-24 overflow-hidden rounded-full bg-hover"
      >
        {/* Something granted must be seen, however little of all it is. */}
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: cells === 0 ? 0 : `max(2px, ${share * 100}%)` }}
        />
      </span>
      <span className="tabular-nums">{text}</span>
    </span>
  );
}
