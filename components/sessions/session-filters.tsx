import { FilterBar, SelectFilter } from "@/components/ui/filter-bar";
import { TimeFilter } from "@/components/ui/time-filter";
import type { FilterOptions } from "@/lib/sessions/filter-options";
import { SESSION_END_LABELS } from "@/lib/sessions/labels";

const STATES = [
  { value: "live", label: "Live" },
  { value: "over", label: "Over" },
];
const REASONS = Object.entries(SESSION_END_LABELS).map(([value, { label, explanation }]) => ({
  value,
  label,
  hint: explanation,
}));

/** What narrows the list of sessions; all of it stands in the address. */
export function SessionFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  return (
    <FilterBar params={params}>
      <SelectFilter param="state" label="State" options={STATES} />
      <SelectFilter
        param="identity"
        label="Identity"
        options={options.identities.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <SelectFilter
        param="connection"
        label="Connection"
        options={options.connections.map((name) => ({ value: name, label: name }))}
      />
      <SelectFilter param="reason" label="End" options={REASONS} />
      <TimeFilter label="Started" />
    </FilterBar>
  );
}
