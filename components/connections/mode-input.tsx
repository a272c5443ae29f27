"use client";

import { Controller, useFormContext } from "react-hook-form";
import { ImpactSummary } from "@/components/impact/impact-summary";
import { type Impact, useImpact } from "@/components/impact/use-impact";
import { type ImpactCheck, useImpactCheck } from "@/components/impact/use-impact-check";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { TypedWords } from "@/components/ui/typed-words";
import { MODE_LABELS } from "@/lib/connections/labels";
import { ENFORCEMENT_MODES, type EnforcementMode } from "@/lib/connections/model";
import { modeImpact } from "@/lib/policy/impact/draft";
import type { ConnectionForm } from "./connection-form";

export interface ModeCheck {
  /** Whether the form has another mode than the connection. */
  readonly changed: boolean;
  readonly impact: Impact;
  readonly check: ImpactCheck;
  /** Whether it may be saved, as far as the mode goes. */
  readonly ready: boolean;
}

/** The impact of another mode, asked for as soon as it is chosen. */
export function useModeCheck(
  stored: { readonly name: string; readonly mode?: EnforcementMode | undefined },
  mode: EnforcementMode | null,
): ModeCheck {
  const changed = mode !== null && mode !== stored.mode;
  const impact = useImpact(changed ? modeImpact(stored.name, mode) : null);
  const check = useImpactCheck(impact, changed, mode === "enforce", { observes: mode === "observe" });
  return { changed, impact, check, ready: !changed || check.ready };
}

/** Chooses the mode, and shows what the other one would have done. */
export function ModeInput({ changed, impact, check }: ModeCheck) {
  const { control } = useFormContext<ConnectionForm>();
  return (
    <div className="flex flex-col gap-4">
      <Controller
        control={control}
        name="mode"
        render={({ field, fieldState }) => (
          <Field
            label="What decisions do"
            error={fieldState.error?.message}
            description={MODE_LABELS[field.value ?? "enforce"].hint}
          >
            <Select
              value={field.value ?? null}
              onValueChange={field.onChange}
              options={ENFORCEMENT_MODES.map((value) => ({ value, ...MODE_LABELS[value] }))}
            />
          </Field>
        )}
      />
      {changed ? <ImpactSummary impact={impact} check={check} /> : null}
      {changed && check.words !== null ? (
        <TypedWords words={check.words} value={check.typed} onChange={check.setTyped} />
      ) : null}
    </div>
  );
}
