"use client";

import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FilterBar, SearchFilter, SelectFilter } from "@/components/ui/filter-bar";
import { SuggestFilter } from "@/components/ui/suggest-filter";
import { TimeFilter } from "@/components/ui/time-filter";
import { EFFECT_LABELS, statementWords } from "@/lib/policy/draft/describe-rule";
import { EFFECTS } from "@/lib/policy/rule";
import type { FilterOptions } from "@/lib/sessions/filter-options";
import { STATEMENT_CLASSES } from "@/lib/sql/taxonomy";
import { STATEMENT_COMMAND_LABELS, STATEMENT_STATE_LABELS } from "@/lib/statements/labels";

const labelled = (labels: Readonly<Record<string, { readonly label: string; readonly explanation: string }>>) =>
  Object.entries(labels).map(([value, { label, explanation }]) => ({ value, label, hint: explanation }));
const COMMANDS = labelled(STATEMENT_COMMAND_LABELS);
const STATES = labelled(STATEMENT_STATE_LABELS);
const EFFECT_OPTIONS = EFFECTS.map((value) => ({
  value,
  label: EFFECT_LABELS[value].label,
  hint: EFFECT_LABELS[value].explanation,
}));
const CLASSES = STATEMENT_CLASSES.map((value) => ({ value, label: statementWords(value) }));
const OUTCOMES = [
  { value: "ok", label: "Went well" },
  { value: "error", label: "Failed" },
];
const MASKED = [
  { value: "yes", label: "Some were hidden" },
  { value: "no", label: "None" },
];
const HELD = [
  { value: "yes", label: "Waited for a person" },
  { value: "no", label: "Did not wait" },
];
const DURATIONS = [
  { value: "10", label: "10 ms and more" },
  { value: "100", label: "100 ms and more" },
  { value: "1000", label: "1 s and more" },
  { value: "10000", label: "10 s and more" },
];
/** Filters that stand behind "More filters". */
const RARE = ["column", "policy", "rule", "error", "masked", "held", "class", "template", "command", "state", "min"];
/** A template's hash as far as people compare it. */
const HASH_SHOWN = 8;

/** What narrows the list of statements; all of it stands in the address. */
export function StatementFilters({
  params,
  options,
}: {
  readonly params: readonly string[];
  readonly options: FilterOptions;
}) {
  const address = useSearchParams();
  const within = new URLSearchParams();
  for (const name of ["connection", "policy"]) {
    const value = address.get(name);
    if (value) within.set(name, value);
  }
  const names = (kind: string) => `/api/statements/names?kind=${kind}&${within}`;
  const rare = RARE.filter((name) => address.get(name)).length;
  const [more, setMore] = useState(rare > 0);
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
      <SuggestFilter param="table" label="Table" placeholder="Table: schema.table" url={names("table")} />
      <SelectFilter param="effect" label="Decision" options={EFFECT_OPTIONS} />
      <SelectFilter param="outcome" label="Outcome" options={OUTCOMES} />
      <TimeFilter />
      <Button variant="ghost" aria-expanded={more} onClick={() => setMore(!more)}>
        {more ? "Fewer filters" : "More filters"}
        {rare > 0 && !more ? ` (${rare})` : ""}
      </Button>
      {more ? (
        <>
          <SuggestFilter
            param="column"
            label="Column"
            placeholder="Column: schema.table.column"
            url={names("column")}
          />
          <SelectFilter
            param="policy"
            label="Policy"
            options={options.policies.map((name) => ({ value: name, label: name }))}
          />
          <SuggestFilter param="rule" label="Rule" placeholder="Rule" url={names("rule")} />
          <SuggestFilter param="error" label="Error number" placeholder="Error number" url={names("error")} />
          <SelectFilter param="masked" label="Masked rows" options={MASKED} />
          <SelectFilter param="held" label="Held" options={HELD} />
          <SelectFilter param="class" label="Kind" options={CLASSES} />
          <SuggestFilter
            param="template"
            label="Template"
            placeholder="Template: a part of its text"
            url={names("template")}
            show={(hash) => hash.slice(0, HASH_SHOWN)}
          />
          <SelectFilter param="command" label="Command" options={COMMANDS} />
          <SelectFilter param="state" label="State" options={STATES} />
          <SelectFilter param="min" label="Duration" options={DURATIONS} />
        </>
      ) : null}
    </FilterBar>
  );
}
