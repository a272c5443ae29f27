"use client";

import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, InlineField } from "@/components/ui/field";
import { type SuddenBehaviour, suddenBehaviour } from "@/lib/policy/budget";
import { suddenLines } from "@/lib/policy/budget-words";
import { NumberInput } from "./domain-fields";
import { usePolicyEditing } from "./editor-context";

/** What is switched on first: new templates and tables, and answers of ten times the usual rows. */
const USUAL: SuddenBehaviour = {
  ...suddenBehaviour.parse({ new_template: "review", new_table: "review" }),
  rows_factor: 10,
};

/** What happens with behaviour that an identity has not shown before. */
export function SuddenFields() {
  const { draft, dispatch, readOnly, problemAt, warningAt } = usePolicyEditing();
  const { sudden } = draft;
  const set = (next: SuddenBehaviour | undefined) => dispatch({ do: "change", fields: { sudden: next } });
  const problem = problemAt(["sudden"]);
  const notice = problem ?? warningAt(["sudden"]);
  return (
    <Card
      title="Sudden behaviour"
      description="Holds what an identity has not done before, though a rule allows it. Its first day is for getting to know it."
    >
      {readOnly ? (
        <p className="text-sm">
          {sudden === undefined ? "Nothing new is reviewed." : `${suddenLines(sudden).join("; ")}.`}
        </p>
      ) : (
        <div className="flex flex-col gap-3">
          <InlineField label="Review what is new">
            <Checkbox checked={sudden !== undefined} onCheckedChange={(on) => set(on ? USUAL : undefined)} />
          </InlineField>
          {sudden === undefined ? null : (
            <>
              <div className="flex flex-wrap gap-x-6 gap-y-2">
                <InlineField label="New templates">
                  <Checkbox
                    checked={sudden.new_template === "review"}
                    onCheckedChange={(on) => set({ ...sudden, new_template: on ? "review" : "allow" })}
                  />
                </InlineField>
                <InlineField label="New tables">
                  <Checkbox
                    checked={sudden.new_table === "review"}
                    onCheckedChange={(on) => set({ ...sudden, new_table: on ? "review" : "allow" })}
                  />
                </InlineField>
              </div>
              <div className="grid gap-4 sm:grid-cols-2">
                <Field
                  label="Times the usual rows"
                  optional
                  description="An answer of more has the next statement like it reviewed, once. Below 100 rows nothing is."
                  error={problemAt(["sudden", "rows_factor"])}
                >
                  <NumberInput
                    value={sudden.rows_factor}
                    placeholder="not looked at"
                    onChange={(rows_factor) => {
                      const { rows_factor: _, ...rest } = sudden;
                      set(rows_factor === undefined ? rest : { ...rest, rows_factor });
                    }}
                  />
                </Field>
                <Field
                  label="Days to look back"
                  description="What it did longer ago is new again."
                  error={problemAt(["sudden", "days"])}
                >
                  <NumberInput value={sudden.days} onChange={(days) => set({ ...sudden, days: days ?? Number.NaN })} />
                </Field>
              </div>
            </>
          )}
          {notice === null ||
          (problem !== null && sudden !== undefined && problemAt(["sudden", "days"]) !== null) ? null : (
            <p role="status" className={problem === null ? "text-warn text-xs" : "text-danger text-xs"}>
              {notice}
            </p>
          )}
        </div>
      )}
    </Card>
  );
}
