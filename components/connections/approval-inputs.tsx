"use client";

import { Controller, useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ConnectionForm } from "./connection-form";

const NUMBERS = [
  { name: "hold_seconds", label: "Seconds a client waits", hint: "Then it is told to retry. 0: it never waits." },
  { name: "expires_minutes", label: "Minutes a request stays open", hint: "Undecided until then, it expires." },
  { name: "required", label: "People who must approve", hint: "Asking for more acts on open requests at once." },
] as const;

/** How statements under review wait on this connection, and who decides. */
export function ApprovalInputs() {
  const { register, control, getFieldState, formState } = useFormContext<ConnectionForm>();
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-3 sm:grid-cols-3">
        {NUMBERS.map(({ name, label, hint }) => (
          <Field
            key={name}
            label={label}
            description={hint}
            error={getFieldState(`approvals.${name}`, formState).error?.message}
          >
            <Input {...register(`approvals.${name}`, { setValueAs: Number })} inputMode="numeric" />
          </Field>
        ))}
      </div>
      <Controller
        control={control}
        name="approvals.reviewers"
        render={({ field, fieldState }) => (
          <Field
            label="Groups of reviewers"
            optional
            description="Groups of the identity provider, separated by commas; a reviewer must be in one of them. Empty: anyone with the reviewer role."
            error={fieldState.error?.message}
          >
            <Input
              defaultValue={(field.value ?? []).join(", ")}
              onBlur={field.onBlur}
              onChange={(event) => field.onChange(groupsOf(event.target.value))}
              autoComplete="off"
              spellCheck={false}
              placeholder="dba, oncall"
            />
          </Field>
        )}
      />
    </div>
  );
}

function groupsOf(text: string): string[] {
  return [...new Set(text.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()])))];
}
