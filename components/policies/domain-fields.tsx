"use client";

import { useState } from "react";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type DOMAIN_TYPES, describeDomain, type ParameterDomain } from "@/lib/policy/value";
import { usePolicyEditing } from "./editor-context";
import { TokenField } from "./token-field";

type DomainType = (typeof DOMAIN_TYPES)[number];

const TYPES: readonly { value: DomainType; label: string; hint: string }[] = [
  { value: "any", label: "Anything", hint: "Every value, also NULL" },
  { value: "integer", label: "Whole number", hint: "42, -1" },
  { value: "decimal", label: "Decimal number", hint: "9.99" },
  { value: "number", label: "Number", hint: "also 1e6" },
  { value: "string", label: "Text", hint: "a quoted value" },
  { value: "date", label: "Date", hint: "2026-01-31" },
  { value: "datetime", label: "Date and time", hint: "2026-01-31 12:00:00" },
];

/** What one placeholder of a template may be. */
export function DomainFields({
  position,
  path,
  value,
  onChange,
}: {
  readonly position: number;
  readonly path: readonly (string | number)[];
  readonly value: ParameterDomain;
  readonly onChange: (value: ParameterDomain) => void;
}) {
  const { readOnly, problemAt } = usePolicyEditing();
  const [low, high] = value.range ?? [undefined, undefined];
  const name = `Value ${position}`;
  const set = (changes: { [K in keyof ParameterDomain]?: ParameterDomain[K] | undefined }) => {
    const kept = Object.entries({ ...value, ...changes }).filter(([, one]) => one !== undefined);
    onChange(Object.fromEntries(kept));
  };
  const setRange = (nextLow: number | undefined, nextHigh: number | undefined) =>
    set({
      range:
        nextLow === undefined && nextHigh === undefined
          ? undefined
          : [nextLow ?? Number.MIN_SAFE_INTEGER, nextHigh ?? Number.MAX_SAFE_INTEGER],
    });
  return (
    <fieldset disabled={readOnly} className="flex min-w-0 flex-col gap-2 rounded-md border p-3">
      <legend className="px-1 font-medium text-sm">
        {name} <span className="font-normal text-faint">({describeDomain(value)})</span>
      </legend>
      <div className="grid gap-2 sm:grid-cols-[10rem_1fr_1fr_1fr]">
        <Select
          aria-label={`${name}: type`}
          options={TYPES}
          value={value.type ?? "any"}
          disabled={readOnly}
          onValueChange={(type) => set({ type: type === "any" ? undefined : type })}
        />
        <NumberInput label={`${name}: from`} placeholder="from" value={low} onChange={(next) => setRange(next, high)} />
        <NumberInput label={`${name}: to`} placeholder="to" value={high} onChange={(next) => setRange(low, next)} />
        <NumberInput
          label={`${name}: longest, in characters`}
          placeholder="max characters"
          value={value.max_length}
          onChange={(max_length) => set({ max_length })}
        />
      </div>
      <TokenField
        label={`${name}: one of`}
        description="Leave empty for any value of the type. NULL stands for no value."
        placeholder="open, paid …"
        value={(value.in ?? []).map((one) => (one === null ? "NULL" : String(one)))}
        options={[]}
        onType={() => undefined}
        readOnly={readOnly}
        onChange={(next) => set({ in: next.length === 0 ? undefined : next.map(domainValue) })}
        error={problemAt(path)}
      />
    </fieldset>
  );
}

/** Digits are a number, NULL is NULL, everything else is text. */
function domainValue(text: string): string | number | null {
  if (text === "NULL") return null;
  return /^-?\d{1,15}(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/** A number that may be missing. What is typed stays as it is while it is not a number yet. */
export function NumberInput({
  label,
  value,
  onChange,
  placeholder,
  id,
}: {
  readonly label?: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly placeholder?: string;
  readonly id?: string;
}) {
  const [text, setText] = useState(numberText(value));
  const shown = numberOf(text) === value || (Number.isNaN(value) && text !== "") ? text : numberText(value);
  return (
    <Input
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(id === undefined ? {} : { id })}
      inputMode="numeric"
      autoComplete="off"
      placeholder={placeholder}
      value={shown}
      onChange={(event) => {
        setText(event.target.value);
        onChange(numberOf(event.target.value));
      }}
    />
  );
}

const numberText = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? "" : String(value));

/** Not a number stays NaN, which the schema refuses. */
function numberOf(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text.replaceAll("_", ""));
}
