"use client";

import { useState } from "react";
import { Controller, useFormContext } from "react-hook-form";
import { useAnswer } from "@/components/live/use-answer";
import { Field } from "@/components/ui/field";
import { formatBytes } from "@/components/ui/format-quantity";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { send } from "@/components/ui/send";
import { RECORDED_RESULT_LABELS } from "@/lib/connections/labels";
import { RECORDED_RESULTS } from "@/lib/connections/model";
import type { ConnectionForm } from "./connection-form";

const UNITS = { KiB: 1024, MiB: 1024 * 1024 } as const;
type Unit = keyof typeof UNITS;
const UNIT_OPTIONS = (Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: value }));

/** What is kept of a connection's results, how much, and for how long; a shorter time says what it removes. */
export function RecordingInputs({
  connectionId,
  storedDays,
}: {
  readonly connectionId: string;
  /** What is in force; null where that is not known. */
  readonly storedDays: number | null;
}) {
  const { register, control, watch, getFieldState, formState } = useFormContext<ConnectionForm>();
  const problem = (name: "retention_days" | "max_result_bytes") =>
    getFieldState(`recording.${name}`, formState).error?.message;
  const results = watch("recording.results");
  return (
    <div className="flex flex-col gap-4">
      <Controller
        control={control}
        name="recording.results"
        render={({ field, fieldState }) => (
          <Field label="Results" error={fieldState.error?.message}>
            <Select
              value={field.value ?? null}
              onValueChange={field.onChange}
              options={RECORDED_RESULTS.map((value) => ({ value, ...RECORDED_RESULT_LABELS[value] }))}
            />
          </Field>
        )}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Controller
          control={control}
          name="recording.max_result_bytes"
          render={({ field }) => (
            <BytesField
              label="At most of each result"
              description={
                results === "full"
                  ? "The client gets all of it; what is beyond is not recorded, and the replay says so."
                  : "Counts where full results are recorded."
              }
              value={field.value}
              onChange={field.onChange}
              error={problem("max_result_bytes")}
            />
          )}
        />
        <Field
          label="Days recordings are kept"
          description="Then their bytes are removed. Statements and audit events stay."
          error={problem("retention_days")}
        >
          <Input {...register("recording.retention_days", { setValueAs: Number })} inputMode="numeric" />
        </Field>
      </div>
      <ShorterRetention connectionId={connectionId} storedDays={storedDays} days={watch("recording.retention_days")} />
    </div>
  );
}

/** A number of bytes as a number and its unit. */
function BytesField({
  label,
  description,
  value,
  onChange,
  error,
}: {
  readonly label: string;
  readonly description: string;
  readonly value: number | undefined;
  readonly onChange: (bytes: number) => void;
  readonly error: string | undefined;
}) {
  const given = value ?? 0;
  const [unit, setUnit] = useState<Unit>(given >= UNITS.MiB && given % UNITS.MiB === 0 ? "MiB" : "KiB");
  const [text, setText] = useState(String(given / UNITS[unit]));
  const change = (nextText: string, nextUnit: Unit) => {
    setText(nextText);
    setUnit(nextUnit);
    const number = nextText.trim() === "" ? Number.NaN : Number(nextText);
    onChange(Math.round(number * UNITS[nextUnit]));
  };
  return (
    <Field label={label} description={description} error={error}>
      <span className="flex gap-2">
        <Input value={text} onChange={(event) => change(event.target.value, unit)} inputMode="decimal" />
        <Select
          aria-label={`Unit of ${label.toLowerCase()}`}
          className="w-24"
          options={UNIT_OPTIONS}
          value={unit}
          onValueChange={(next) => change(text, next)}
        />
      </span>
    </Field>
  );
}

/** Says what goes at once when the days are fewer than before. */
function ShorterRetention({
  connectionId,
  storedDays,
  days,
}: {
  readonly connectionId: string;
  readonly storedDays: number | null;
  readonly days: number | undefined;
}) {
  const shorter = storedDays !== null && days !== undefined && Number.isInteger(days) && days >= 1 && days < storedDays;
  const url = `/api/connections/${connectionId}/retention?days=${days}`;
  const { answer } = useAnswer<{ sessions: number; bytes: number }>({
    key: shorter ? url : null,
    read: (signal) => send("GET", url, undefined, signal),
    topics: [],
    atOnce: true,
    anywayMs: 30_000,
  });
  if (!shorter) return null;
  return (
    <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
      {answer === null
        ? "Fewer days than before: older recordings are removed within a minute, for good."
        : answer.sessions === 0
          ? "Fewer days than before. No recording is old enough to be removed now."
          : `${answer.sessions === 1 ? "1 recording" : `${answer.sessions} recordings`} will be removed within a minute, in whole or in part (${formatBytes(answer.bytes)}). There is no way back.`}
    </p>
  );
}
