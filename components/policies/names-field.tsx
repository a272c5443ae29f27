"use client";

import { type ReactNode, useState } from "react";
import { usePolicyEditing } from "./editor-context";
import { TokenField, type TokenOption } from "./token-field";
import { useNames } from "./use-names";

const NONE: readonly TokenOption[] = [];

/** Tables, columns or functions of a rule, with the catalogue's names as suggestions. `path` is the field's place in the draft. */
export function NamesField({
  label,
  description,
  placeholder,
  kind,
  path,
  value,
  onChange,
}: {
  readonly label: string;
  readonly description: ReactNode;
  readonly placeholder: string;
  readonly kind: "table" | "column" | null;
  readonly path: readonly (string | number)[];
  readonly value: readonly string[] | undefined;
  readonly onChange: (value: string[] | undefined) => void;
}) {
  const { connectionId, readOnly, problemAt, warningAt } = usePolicyEditing();
  const [typed, setTyped] = useState<string | null>(null);
  const excluded = typed?.startsWith("!") === true;
  const found = useNames(connectionId, kind, excluded ? (typed?.slice(1) ?? null) : typed);
  const options = kind === null ? NONE : found.map((one) => (excluded ? { ...one, value: `!${one.value}` } : one));
  const chosen = value ?? [];
  const ownProblem = chosen.length === 0 ? problemAt(path) : null;
  return (
    <TokenField
      label={label}
      description={description}
      placeholder={placeholder}
      value={chosen}
      options={options}
      onType={setTyped}
      readOnly={readOnly}
      onChange={(next) => onChange(next.length === 0 ? undefined : [...next])}
      error={ownProblem ?? exactly(problemAt, path, chosen.length)}
      problemOf={(at) => problemAt([...path, at])}
      warningOf={(at) => warningAt([...path, at])}
    />
  );
}

/** A problem of the whole list ("does not go with a template"), when none of its items has one. */
function exactly(
  problemAt: (path: readonly (string | number)[]) => string | null,
  path: readonly (string | number)[],
  items: number,
): string | null {
  const inItems = Array.from({ length: items }, (_, at) => problemAt([...path, at])).some((one) => one !== null);
  return items === 0 || inItems ? null : problemAt(path);
}
