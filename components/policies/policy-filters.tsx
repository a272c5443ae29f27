import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { EFFECT_LABELS } from "@/lib/policy/draft/describe-rule";
import { EFFECTS } from "@/lib/policy/rule";

const EFFECT_OPTIONS = EFFECTS.map((value) => ({ value, label: EFFECT_LABELS[value].label }));
const USES = [
  { value: "used", label: "Used in the last 24 h" },
  { value: "unused", label: "Not used in the last 24 h" },
];

/** What narrows the list of policies; all of it stands in the address. */
export function PolicyFilters({
  params,
  connections,
}: {
  readonly params: readonly string[];
  readonly connections: readonly string[];
}) {
  return (
    <FilterBar params={params}>
      <SearchFilter label="Search policies" placeholder="Search names, identities, rules" />
      <SelectFilter
        param="connection"
        label="Connection"
        options={connections.map((name) => ({ value: name, label: name }))}
      />
      <SelectFilter param="effect" label="Has rules" options={EFFECT_OPTIONS} />
      <SelectFilter param="use" label="Use" options={USES} />
    </FilterBar>
  );
}
