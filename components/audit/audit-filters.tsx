import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { TimeFilter } from "@/components/ui/time-filter";
import { AUDIT_ACTION_LABELS, AUDIT_RESULT_LABELS } from "@/lib/audit/labels";
import type { FilterOptions } from "@/lib/sessions/filter-options";

const ACTIONS = Object.entries(AUDIT_ACTION_LABELS).map(([value, label]) => ({ value, label }));
const RESULTS = Object.entries(AUDIT_RESULT_LABELS).map(([value, label]) => ({ value, label }));

/** What narrows the audit trail; all of it stands in the address. */
export function AuditFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  return (
    <FilterBar params={params}>
      <SearchFilter label="Search names, messages, addresses" />
      <SelectFilter param="action" label="Action" options={ACTIONS} />
      <SelectFilter param="result" label="Result" options={RESULTS} />
      <SelectFilter
        param="actor"
        label="Actor"
        options={options.identities.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <SelectFilter
        param="connection"
        label="Connection"
        options={options.connections.map((name) => ({ value: name, label: name }))}
      />
      <TimeFilter />
    </FilterBar>
  );
}
