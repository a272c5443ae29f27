import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { TimeFilter } from "@/components/ui/time-filter";
import { APPROVAL_STATE_LABELS, APPROVAL_STATES } from "@/lib/approvals/states";
import type { FilterOptions } from "@/lib/sessions/filter-options";

const STATES = APPROVAL_STATES.map((value) => ({ value, label: APPROVAL_STATE_LABELS[value] }));

/** What narrows the history of approvals; all of it stands in the address. */
export function HistoryFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  const people = options.identities.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <FilterBar params={params}>
      <SearchFilter label="Search approvals" placeholder="Statement, reason, note, purpose, name" />
      <SelectFilter param="state" label="State" options={STATES} />
      <SelectFilter
        param="connection"
        label="Connection"
        options={options.connections.map((name) => ({ value: name, label: name }))}
      />
      <SelectFilter param="identity" label="Identity" options={people} />
      <SelectFilter param="by" label="Decided by" options={people} />
      <TimeFilter label="Asked" />
    </FilterBar>
  );
}
