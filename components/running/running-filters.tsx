import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import type { FilterOptions } from "@/lib/sessions/filter-options";

const DOING = [
  { value: "running", label: "Running", hint: "At the server now." },
  { value: "held", label: "Waits for approval", hint: "Nothing has reached the server yet." },
  { value: "transaction", label: "Idle in transaction", hint: "Its locks stay while it is open." },
];

/** What narrows the list of what runs; all of it stands in the address. */
export function RunningFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  return (
    <FilterBar params={params}>
      <SearchFilter label="Search statements" placeholder="Text of the statement" />
      <SelectFilter param="doing" label="State" options={DOING} />
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
    </FilterBar>
  );
}
