"use client";

import { useState } from "react";
import { Controller, type FieldPath, useFormContext } from "react-hook-form";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { LIMIT_LABELS, TLS_LABELS } from "@/lib/connections/labels";
import { TLS_MODES } from "@/lib/connections/model";
import { parseDsn } from "@/lib/connections/parse-dsn";
import type { ConnectionForm } from "./connection-form";

const blankIsAbsent = (value: unknown) => (value === "" || value === null ? undefined : value);
const blankOrNumber = (value: unknown) =>
  value === "" || value === null || value === undefined ? undefined : Number(value);

function useProblem(): (path: FieldPath<ConnectionForm>) => string | undefined {
  const { getFieldState, formState } = useFormContext<ConnectionForm>();
  return (path) => getFieldState(path, formState).error?.message;
}

/** Host, port and default schema. A whole address pasted into the host fills everything it names. */
export function AddressInputs() {
  const { register, setValue } = useFormContext<ConnectionForm>();
  const problem = useProblem();
  const [filled, setFilled] = useState<string | null>(null);

  function paste(text: string): boolean {
    const dsn = parseDsn(text);
    if (dsn === null) return false;
    const { ignored, ...fields } = dsn;
    for (const [name, value] of Object.entries(fields)) {
      setValue(name as FieldPath<ConnectionForm>, value, { shouldDirty: true, shouldValidate: true });
    }
    const named = Object.keys(fields).join(", ");
    setFilled(
      `Filled from the pasted address: ${named}.${ignored.length > 0 ? ` Not used: ${ignored.join(", ")}.` : ""}`,
    );
    return true;
  }

  return (
    <>
      <div className="grid gap-3 sm:grid-cols-[1fr_7rem]">
        <Field
          label="Host"
          error={problem("host")}
          description="Or paste an address: mysql://user:password@host:port/schema"
        >
          <Input
            {...register("host")}
            autoComplete="off"
            spellCheck={false}
            placeholder="db.internal"
            onPaste={(event) => {
              if (paste(event.clipboardData.getData("text"))) event.preventDefault();
            }}
          />
        </Field>
        <Field label="Port" error={problem("port")}>
          <Input {...register("port", { valueAsNumber: true })} inputMode="numeric" />
        </Field>
      </div>
      <p aria-live="polite" className={filled === null ? "sr-only" : "text-ok text-xs"}>
        {filled}
      </p>
      <Field
        label="Default schema"
        optional
        error={problem("schema")}
        description="Where a session starts when the client names none."
      >
        <Input {...register("schema", { setValueAs: blankIsAbsent })} autoComplete="off" spellCheck={false} />
      </Field>
    </>
  );
}

/** The account at the database. Its password is never shown again. */
export function AccountInputs({
  passwordHint,
  passwordOptional = false,
}: {
  readonly passwordHint: string;
  readonly passwordOptional?: boolean;
}) {
  const { register } = useFormContext<ConnectionForm>();
  const problem = useProblem();
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="User" error={problem("user")}>
        <Input {...register("user")} autoComplete="off" spellCheck={false} />
      </Field>
      <Field label="Password" optional={passwordOptional} error={problem("password")} description={passwordHint}>
        <Input {...register("password", { setValueAs: blankIsAbsent })} type="password" autoComplete="new-password" />
      </Field>
    </div>
  );
}

/** How the way to the database is encrypted, and who vouches for the server. */
export function TlsInputs() {
  const { control, register, watch } = useFormContext<ConnectionForm>();
  const problem = useProblem();
  const mode = watch("tls") ?? "preferred";
  return (
    <>
      <Controller
        control={control}
        name="tls"
        render={({ field }) => (
          <Field label="TLS to the database" error={problem("tls")} description={TLS_LABELS[mode].hint}>
            <Select
              value={field.value ?? null}
              onValueChange={field.onChange}
              options={TLS_MODES.map((value) => ({ value, ...TLS_LABELS[value] }))}
            />
          </Field>
        )}
      />
      {mode === "verify-ca" || mode === "verify-full" ? (
        <Field
          label="Certificate authority"
          optional
          error={problem("ca")}
          description="PEM text. Empty: the authorities that this machine trusts."
        >
          <Textarea
            {...register("ca", { setValueAs: blankIsAbsent })}
            rows={5}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            className="font-mono text-xs"
          />
        </Field>
      ) : null}
    </>
  );
}

/** What a session may use at most; empty is no limit. */
export function LimitInputs() {
  const { register } = useFormContext<ConnectionForm>();
  const problem = useProblem();
  const names = Object.keys(LIMIT_LABELS) as (keyof typeof LIMIT_LABELS)[];
  return (
    <fieldset>
      <legend className="mb-2 text-faint text-xs">Empty: no limit.</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {names.map((name) => (
          <Field key={name} label={LIMIT_LABELS[name]} error={problem(`limits.${name}`)}>
            <Input {...register(`limits.${name}`, { setValueAs: blankOrNumber })} inputMode="numeric" />
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
