"use client";

import { useId } from "react";
import { BINDING_KINDS, type BindingKind, bindingParts } from "@/components/connections/binding-text";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";

/** Who a statement is tried as: someone seen before with all their claims, or one claim. */
export interface TriedIdentity {
  readonly kind: "seen" | BindingKind;
  /** The identity's id, or the claim's value. */
  readonly value: string;
}

export interface SeenIdentity {
  readonly id: string;
  readonly name: string;
}

/** The identity as the simulator takes it; null while none is given. */
export function identityQuestion({ kind, value }: TriedIdentity) {
  if (value.trim() === "") return null;
  if (kind === "seen") return { id: value };
  return kind === "group" ? { groups: [value.trim()] } : { [kind]: value.trim() };
}

/** Chooses who asks. */
export function IdentityInput({
  value,
  onChange,
  seen,
  suggestions,
}: {
  readonly value: TriedIdentity;
  readonly onChange: (value: TriedIdentity) => void;
  readonly seen: readonly SeenIdentity[];
  readonly suggestions: readonly BindingSuggestion[];
}) {
  const listId = useId();
  const kinds = [
    ...BINDING_KINDS.map((one) => ({ value: one.value, label: one.label, hint: one.hint })),
    ...(seen.length === 0
      ? []
      : [{ value: "seen" as const, label: "Seen identity", hint: "With all claims of its last token" }]),
  ];
  const offered = suggestions.map((one) => bindingParts(one.binding)).filter((one) => one.kind === value.kind);
  return (
    <div className="grid gap-2 sm:grid-cols-[10rem_1fr]">
      <Select
        aria-label="Try as"
        options={kinds}
        value={value.kind}
        onValueChange={(kind) => onChange({ kind, value: kind === "seen" ? (seen[0]?.id ?? "") : "" })}
      />
      {value.kind === "seen" ? (
        <Select
          aria-label="Seen identity"
          options={seen.map((one) => ({ value: one.id, label: one.name }))}
          value={value.value === "" ? null : value.value}
          onValueChange={(id) => onChange({ kind: "seen", value: id })}
        />
      ) : (
        <Input
          aria-label="Identity to try as"
          value={value.value}
          list={listId}
          autoComplete="off"
          spellCheck={false}
          placeholder={BINDING_KINDS.find((one) => one.value === value.kind)?.example ?? ""}
          onChange={(event) => onChange({ ...value, value: event.target.value })}
        />
      )}
      <datalist id={listId}>
        {offered.map((one) => (
          <option key={one.value} value={one.value} />
        ))}
      </datalist>
    </div>
  );
}
