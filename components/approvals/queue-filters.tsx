"use client";

import { parseAsString, useQueryState } from "nuqs";
import { InlineField } from "@/components/ui/field";
import { FilterBar, SelectFilter } from "@/components/ui/filter-bar";
import { Switch } from "@/components/ui/switch";
import { HOLD_STATE_LABELS, HOLD_STATES } from "@/lib/approvals/states";
import type { FilterOptions } from "@/lib/sessions/filter-options";
import { STATEMENT_CLASSES } from "@/lib/sql/taxonomy";

const KINDS = STATEMENT_CLASSES.map((value) => ({ value, label: value.replaceAll("_", " ") }));
const HOLDS = HOLD_STATES.map((value) => ({ value, label: HOLD_STATE_LABELS[value] }));

/** What narrows the queue; all of it stands in the address. */
export function QueueFilters({
  params,
  options,
  decides,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
  readonly decides: boolean;
}) {
  const [mine, setMine] = useQueryState("mine", parseAsString.withOptions({ shallow: false, history: "replace" }));
  return (
    <FilterBar params={params}>
      <SelectFilter
        param="connection"
        label="Connection"
        options={options.connections.map((name) => ({ value: name, label: name }))}
      />
      <SelectFilter
        param="identity"
        label="Identity"
        options={options.identities.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <SelectFilter param="kind" label="Kind" options={KINDS} />
      <SelectFilter param="hold" label="Client" options={HOLDS} />
      {decides ? (
        <InlineField label="Mine to decide">
          <Switch checked={mine === "1"} onCheckedChange={(on) => void setMine(on ? "1" : null)} />
        </InlineField>
      ) : null}
    </FilterBar>
  );
}
