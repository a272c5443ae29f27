"use client";

import { X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import {
  BUDGET_MEASURES,
  BUDGET_PERIODS,
  type Budget,
  type BudgetMeasure,
  type BudgetPeriod,
  OVER_BUDGET_EFFECTS,
} from "@/lib/policy/budget";
import { budgetLine, measureWords } from "@/lib/policy/budget-words";
import { NumberInput } from "./domain-fields";
import { usePolicyEditing } from "./editor-context";
import { SuddenFields } from "./sudden-fields";

const HINTS: Readonly<Record<BudgetMeasure, string>> = {
  statements: "Those that go to the database",
  rows: "Those that are answered",
  bytes: "Of the answers",
  templates: "Different ones, values aside; over several gateways some seconds behind",
  masked_lookups: "Statements that read or write a masked column",
};
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const MEASURES = BUDGET_MEASURES.map((value) => ({ value, label: capital(measureWords(value)), hint: HINTS[value] }));
const PERIODS = BUDGET_PERIODS.map((value) => ({ value, label: `per ${value}` }));
const OVER = OVER_BUDGET_EFFECTS.map((value) => ({
  value,
  label: value === "deny" ? "Deny" : "Review",
  hint: value === "deny" ? "Refused until the window ends" : "A person has to approve it",
}));

const PRESETS: readonly { readonly name: string; readonly budgets: readonly Budget[] }[] = [
  {
    name: "Careful agent",
    budgets: [
      { measure: "statements", per: "minute", max: 60, over: "deny" },
      { measure: "rows", per: "hour", max: 10_000, over: "review" },
      { measure: "templates", per: "day", max: 50, over: "review" },
    ],
  },
  {
    name: "Sensitive data",
    budgets: [
      { measure: "masked_lookups", per: "hour", max: 100, over: "review" },
      { measure: "rows", per: "day", max: 5_000, over: "deny" },
    ],
  },
];

const keyOf = ({ measure, per }: Pick<Budget, "measure" | "per">) => `${measure} ${per}`;

/** The first budget that is not there yet. */
function another(budgets: readonly Budget[]): Budget | null {
  const taken = new Set(budgets.map(keyOf));
  for (const per of ["hour", "day", "minute"] as const satisfies readonly BudgetPeriod[]) {
    for (const measure of BUDGET_MEASURES) {
      if (!taken.has(keyOf({ measure, per }))) return { measure, per, max: 1_000, over: "deny" };
    }
  }
  return null;
}

/** How much each identity that the policy binds may use, and what happens with what is new about it. */
export function WatchCard() {
  const { draft, dispatch, readOnly, problemAt, warningAt } = usePolicyEditing();
  const budgets = draft.budgets ?? [];
  const set = (next: readonly Budget[]) => dispatch({ do: "change", fields: { budgets: [...next] } });
  const change = (at: number, fields: Partial<Budget>) =>
    set(budgets.map((one, index) => (index === at ? { ...one, ...fields } : one)));
  const next = another(budgets);
  return (
    <>
      <Card
        title="Budgets"
        description="How much each identity may use, over all gateways; by UTC's clock, each window begins anew."
      >
        <div className="flex flex-col gap-3">
          {budgets.length === 0 ? (
            <p className="text-muted text-sm">
              No budgets: rules alone say what is allowed.{readOnly ? "" : " Start with a preset, or add one."}
            </p>
          ) : null}
          <ul aria-label="Budgets" className="flex flex-col gap-3">
            {budgets.map((budget, at) => {
              const name = `Budget ${at + 1}`;
              const notice = problemAt(["budgets", at]) ?? warningAt(["budgets", at]);
              if (readOnly) return <li key={keyOf(budget)}>{capital(budgetLine(budget))}</li>;
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a budget has no name, and its place is all that stays while it is edited
                <li key={at} className="flex flex-col gap-1 max-sm:border-b max-sm:pb-3">
                  <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_2rem] items-center gap-2 sm:grid-cols-[minmax(0,1fr)_5.5rem_7.75rem_6rem_2rem]">
                    <span className="max-sm:col-span-2">
                      <Select
                        aria-label={`${name}: what is counted`}
                        options={MEASURES}
                        value={budget.measure}
                        onValueChange={(measure) => change(at, { measure })}
                      />
                    </span>
                    <span>
                      <NumberInput
                        label={`${name}: at most`}
                        value={budget.max}
                        placeholder="at most"
                        onChange={(max) => change(at, { max: max ?? Number.NaN })}
                      />
                    </span>
                    <span className="max-sm:col-span-2">
                      <Select
                        aria-label={`${name}: period`}
                        options={PERIODS}
                        value={budget.per}
                        onValueChange={(per) => change(at, { per })}
                      />
                    </span>
                    <span className="max-sm:col-span-3">
                      <Select
                        aria-label={`${name}: beyond it`}
                        options={OVER}
                        value={budget.over}
                        onValueChange={(over) => change(at, { over })}
                      />
                    </span>
                    <Button
                      variant="ghost"
                      size="icon"
                      aria-label={`Remove budget ${at + 1}`}
                      className="max-sm:col-start-3 max-sm:row-start-1"
                      onClick={() => set(budgets.filter((_, index) => index !== at))}
                    >
                      <X aria-hidden />
                    </Button>
                  </div>
                  {notice === null ? null : (
                    <p
                      role="alert"
                      className={problemAt(["budgets", at]) === null ? "text-warn text-xs" : "text-danger text-xs"}
                    >
                      {notice}
                    </p>
                  )}
                </li>
              );
            })}
          </ul>
          {readOnly ? null : (
            <div className="flex flex-wrap gap-2">
              <Button disabled={next === null} onClick={() => next !== null && set([...budgets, next])}>
                Add a budget
              </Button>
              {PRESETS.map((preset) => (
                <Button
                  key={preset.name}
                  variant="ghost"
                  onClick={() => {
                    const taken = new Set(budgets.map(keyOf));
                    set([...budgets, ...preset.budgets.filter((one) => !taken.has(keyOf(one)))]);
                  }}
                >
                  Preset: {preset.name}
                </Button>
              ))}
            </div>
          )}
        </div>
      </Card>
      <SuddenFields />
    </>
  );
}
