"use client";

import { Plus, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type Binding, binding as bindingSchema } from "@/lib/policy/binding";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { BINDING_KINDS, BindingBadge, type BindingKind, bindingOf, bindingParts } from "./binding-text";

/** Edits a list of identities: what is in it, and one more, with those seen before as suggestions. */
export function BindingsInput({
  value,
  onChange,
  suggestions,
}: {
  readonly value: readonly Binding[];
  readonly onChange: (value: readonly Binding[]) => void;
  readonly suggestions: readonly BindingSuggestion[];
}) {
  const [kind, setKind] = useState<BindingKind>("client_id");
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  const listId = useId();
  const errorId = useId();
  const offered = suggestions.filter((one) => bindingParts(one.binding).kind === kind);
  const example = BINDING_KINDS.find((one) => one.value === kind)?.example ?? "";

  function add() {
    const parsed = bindingSchema.safeParse(bindingOf(kind, text.trim()));
    if (!parsed.success) {
      setError(kind === "email" ? "an e-mail address, e.g. ann@example.com" : "1 to 255 characters");
    } else if (value.some((one) => JSON.stringify(one) === JSON.stringify(parsed.data))) {
      setError("it is in the list already");
    } else {
      onChange([...value, parsed.data]);
      setText("");
      setError(null);
    }
  }

  return (
    <div className="flex flex-col gap-3">
      {value.length === 0 ? (
        <p className="text-muted text-sm">Nobody yet: every login is refused until someone is in this list.</p>
      ) : (
        <ul aria-label="Identities that may connect" className="flex flex-wrap gap-1.5">
          {value.map((one) => {
            const name = bindingParts(one).value;
            return (
              <li key={JSON.stringify(one)} className="flex min-w-0 items-center">
                <BindingBadge binding={one} />
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={`Remove ${name}`}
                  onClick={() => onChange(value.filter((other) => other !== one))}
                >
                  <X aria-hidden />
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <div className="grid items-start gap-2 sm:grid-cols-[11rem_1fr_auto]">
        <Select
          aria-label="Kind of identity"
          value={kind}
          onValueChange={setKind}
          options={BINDING_KINDS.map(({ value: id, label, hint }) => ({ value: id, label, hint }))}
        />
        <div className="flex min-w-0 flex-col gap-1">
          <Input
            aria-label="Identity to add"
            aria-invalid={error === null ? undefined : true}
            aria-describedby={error === null ? undefined : errorId}
            value={text}
            list={listId}
            placeholder={example}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                add();
              }
            }}
          />
          {error === null ? null : (
            <p id={errorId} role="alert" className="text-danger text-xs">
              {error}
            </p>
          )}
        </div>
        <datalist id={listId}>
          {offered.map((one) => (
            <option key={JSON.stringify(one.binding)} value={bindingParts(one.binding).value}>
              {one.label}
            </option>
          ))}
        </datalist>
        <Button onClick={add} disabled={text.trim() === ""}>
          <Plus aria-hidden />
          Add
        </Button>
      </div>
    </div>
  );
}
