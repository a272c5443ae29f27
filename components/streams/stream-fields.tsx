"use client";

import { Checkbox } from "@/components/ui/checkbox";
import { Field, InlineField } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { ErrorBody } from "@/lib/http/error-body";

/** What a person says of a stream. `url` is null for the file of the environment. */
export interface StreamValues {
  readonly name: string;
  readonly url: string | null;
  readonly statements: boolean;
  readonly enabled: boolean;
}

export const NEW_STREAM: StreamValues = { name: "", url: "", statements: false, enabled: true };

/** The fields of a stream; problems of the server's check stand at their fields. */
export function StreamFields({
  values,
  onChange,
  error,
}: {
  readonly values: StreamValues;
  readonly onChange: (values: StreamValues) => void;
  readonly error: ErrorBody | null;
}) {
  const problem = (field: string) => error?.problems.find((one) => one.path === field)?.message ?? null;
  return (
    <div className="flex flex-col gap-4">
      <Field label="Name" error={problem("name")}>
        <Input
          value={values.name}
          onChange={(event) => onChange({ ...values, name: event.target.value })}
          autoComplete="off"
          placeholder="siem"
        />
      </Field>
      {values.url === null ? null : (
        <Field
          label="Address"
          error={problem("url")}
          description="https only. Gets POST requests of up to 500 events or 1 MiB as NDJSON, and answers 2xx once it has stored them."
        >
          <Input
            value={values.url}
            onChange={(event) => onChange({ ...values, url: event.target.value })}
            autoComplete="off"
            spellCheck={false}
            placeholder="https://siem.example.com/sallyport"
          />
        </Field>
      )}
      <InlineField
        label="Statements too"
        description="Every statement with its text and values, not only audit events. Many more events, and values may be anybody’s data."
      >
        <Checkbox checked={values.statements} onCheckedChange={(statements) => onChange({ ...values, statements })} />
      </InlineField>
      {error === null || error.problems.length > 0 ? null : (
        <p role="alert" className="text-danger text-sm">
          {error.message}. {error.next}
        </p>
      )}
    </div>
  );
}
