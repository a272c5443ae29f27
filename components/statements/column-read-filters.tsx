"use client";

import { useSearchParams } from "next/navigation";
import { FilterBar, SelectFilter } from "@/components/ui/filter-bar";
import { SuggestFilter } from "@/components/ui/suggest-filter";
import { TimeFilter } from "@/components/ui/time-filter";
import type { FilterOptions } from "@/lib/sessions/filter-options";

const SEEN = [
  { value: "clear", label: "In clear" },
  { value: "masked", label: "Masked" },
];

/** What narrows the report; all of it stands in the address. */
export function ColumnReadFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  const connection = useSearchParams().get("connection");
  const within = connection ? `&connection=${encodeURIComponent(connection)}` : "";
  return (
    <FilterBar params={params}>
      <SelectFilter
        param="connection"
        label="Connection"
        options={options.connections.map((name) => ({ value: name, label: name }))}
      />
      <SuggestFilter
        param="column"
        label="Column"
        placeholder="Column: schema.table.column"
        url={`/api/statements/names?kind=read_column${within}`}
      />
      <SelectFilter
        param="identity"
        label="Identity"
        options={options.identities.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <SelectFilter param="seen" label="Seen" options={SEEN} />
      <TimeFilter />
    </FilterBar>
  );
}
