import { RuleFilter } from "@/components/statements/rule-filter";
import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { TimeFilter } from "@/components/ui/time-filter";
import { EFFECT_LABELS } from "@/lib/policy/draft/describe-rule";
import { EFFECTS } from "@/lib/policy/rule";
import type { FilterOptions } from "@/lib/sessions/filter-options";
import { STATEMENT_COMMAND_LABELS } from "@/lib/statements/labels";

const COMMANDS = Object.entries(STATEMENT_COMMAND_LABELS).map(([value, { label, explanation }]) => ({
  value,
  label,
  hint: explanation,
}));
const EFFECT_OPTIONS = EFFECTS.map((value) => ({
  value,
  label: EFFECT_LABELS[value].label,
  hint: EFFECT_LABELS[value].explanation,
}));
const OUTCOMES = [
  { value: "ok", label: "Went well" },
  { value: "error", label: "Failed" },
];
const MASKED = [
  { value: "yes", label: "Some were hidden" },
  { value: "no", label: "None" },
];
const DURATIONS = [
  { value: "10", label: "10 ms and more" },
  { value: "100", label: "100 ms and more" },
  { value: "1000", label: "1 s and more" },
  { value: "10000", label: "10 s and more" },
];

/** What narrows the list of statements; all of it stands in the address. */
export function StatementFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  return (
    <FilterBar params={params}>
      <SearchFilter label="Search statements" placeholder="Search the statements' text" />
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
      <SelectFilter param="effect" label="Decision" options={EFFECT_OPTIONS} />
      <SelectFilter
        param="policy"
        label="Policy"
        options={options.policies.map((name) => ({ value: name, label: name }))}
      />
      <RuleFilter />
      <SelectFilter param="outcome" label="Outcome" options={OUTCOMES} />
      <SelectFilter param="masked" label="Masked rows" options={MASKED} />
      <SelectFilter param="command" label="Command" options={COMMANDS} />
      <SelectFilter param="min" label="Duration" options={DURATIONS} />
      <TimeFilter />
    </FilterBar>
  );
}
