"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { Field, InlineField } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ErrorBody } from "@/lib/http/error-body";
import {
  WEBHOOK_EVENT_LABELS,
  WEBHOOK_EVENTS,
  WEBHOOK_FORMAT_LABELS,
  WEBHOOK_FORMATS,
  type WebhookEvent,
  type WebhookFormat,
} from "@/lib/notifications/events";

/** What a person says of a webhook. */
export interface WebhookValues {
  readonly name: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly format: WebhookFormat;
  readonly enabled: boolean;
}

export const NEW_WEBHOOK: WebhookValues = {
  name: "",
  url: "",
  events: WEBHOOK_EVENTS,
  format: "generic",
  enabled: true,
};

/** The fields of a webhook; problems of the server's check stand at their fields. */
export function WebhookFields({
  values,
  onChange,
  error,
}: {
  readonly values: WebhookValues;
  readonly onChange: (values: WebhookValues) => void;
  readonly error: ErrorBody | null;
}) {
  const problem = (field: string) =>
    error?.problems.find((one) => one.path === field || one.path.startsWith(`${field}[`))?.message ?? null;
  return (
    <div className="flex flex-col gap-4">
      <Field label="Name" error={problem("name")}>
        <Input
          value={values.name}
          onChange={(event) => onChange({ ...values, name: event.target.value })}
          autoComplete="off"
          placeholder="on-call chat"
        />
      </Field>
      <Field
        label="Address"
        error={problem("url")}
        description="https only. Treat it as a secret: chat services put a credential into it."
      >
        <Input
          value={values.url}
          onChange={(event) => onChange({ ...values, url: event.target.value })}
          autoComplete="off"
          spellCheck={false}
          placeholder="https://hooks.example.com/sallyport"
        />
      </Field>
      <Field label="Format" error={problem("format")}>
        <Select
          value={values.format}
          onValueChange={(format) => onChange({ ...values, format })}
          options={WEBHOOK_FORMATS.map((value) => ({ value, label: WEBHOOK_FORMAT_LABELS[value] }))}
        />
      </Field>
      <fieldset>
        <legend className="pb-1 font-medium text-sm">Told of</legend>
        {WEBHOOK_EVENTS.map((event) => (
          <InlineField key={event} label={WEBHOOK_EVENT_LABELS[event]}>
            <Checkbox
              checked={values.events.includes(event)}
              onCheckedChange={(on) =>
                onChange({
                  ...values,
                  events: WEBHOOK_EVENTS.filter((one) => (one === event ? on : values.events.includes(one))),
                })
              }
            />
          </InlineField>
        ))}
        {problem("events") === null ? null : <p className="text-danger text-xs">{problem("events")}</p>}
      </fieldset>
      {error === null || error.problems.length > 0 ? null : (
        <p role="alert" className="text-danger text-sm">
          {error.message}. {error.next}
        </p>
      )}
    </div>
  );
}
