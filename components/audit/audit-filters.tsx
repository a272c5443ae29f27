import { ChipFilter, FilterBar, SearchFilter, SelectFilter, TextFilter } from "@/components/ui/filter-bar";
import { TimeFilter } from "@/components/ui/time-filter";
import { AUDIT_GROUPS } from "@/lib/audit/filter";
import { AUDIT_ACTION_LABELS, AUDIT_RESULT_LABELS } from "@/lib/audit/labels";
import type { FilterOptions } from "@/lib/sessions/filter-options";

const ACTIONS = Object.entries(AUDIT_ACTION_LABELS).map(([value, label]) => ({ value, label }));
const GROUPS = AUDIT_GROUPS.map((value) => ({ value, label: value.replaceAll("_", " ") }));
/** Kinds of objects that events name. */
const KINDS = [
  "approval",
  "connection",
  "export",
  "finding",
  "gateway",
  "identity",
  "mask",
  "policy",
  "revision",
  "session",
  "statement",
  "stream",
  "view",
  "webhook",
].map((value) => ({ value, label: value }));
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
      <SelectFilter param="group" label="About" options={GROUPS} />
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
      <SelectFilter param="kind" label="Object" options={KINDS} />
      <ChipFilter param="object" label="One object" />
      <TextFilter param="address" label="Address" placeholder="Address, or how it begins" />
      <TimeFilter />
    </FilterBar>
  );
}
