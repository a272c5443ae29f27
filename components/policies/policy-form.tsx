"use client";

import { BindingBadge } from "@/components/connections/binding-text";
import { BindingsInput } from "@/components/connections/bindings-input";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { usePolicyEditing } from "./editor-context";
import type { EditorState } from "./editor-state";
import { RuleList } from "./rule-list";
import { WatchCard } from "./watch-card";

const DEFAULTS = [
  { value: "deny", label: "Deny", hint: "Refused, with the rule that came closest" },
  { value: "review", label: "Review", hint: "A person has to approve it" },
] as const;
const METADATA = [
  { value: "allow", label: "Allow", hint: "SHOW, DESCRIBE and information_schema, of tables that a rule is about" },
  { value: "deny", label: "Deny", hint: "Agents must know the schema already" },
] as const;

/** The form view of a policy. `connections` are the choices for a new policy; a published one stays on its connection. */
export function PolicyForm({
  state,
  connections,
  fixedConnection,
  suggestions,
}: {
  readonly state: EditorState;
  readonly connections: readonly string[];
  readonly fixedConnection: boolean;
  readonly suggestions: readonly BindingSuggestion[];
}) {
  const { draft, dispatch, readOnly, problemAt } = usePolicyEditing();
  const bindingProblem = problemAt(["identities"]);
  return (
    <div className="flex flex-col gap-4">
      <Card title="Policy">
        <div className="flex flex-col gap-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label="Policy name" error={problemAt(["name"])}>
              <Input
                value={draft.name}
                disabled={readOnly}
                maxLength={64}
                autoComplete="off"
                placeholder="orders-agent"
                onChange={(event) => dispatch({ do: "change", fields: { name: event.target.value } })}
              />
            </Field>
            <Field
              label="Connection"
              error={problemAt(["connection"])}
              {...(fixedConnection ? { description: "A policy stays on its connection." } : {})}
            >
              <Select
                options={connections.map((value) => ({ value, label: value }))}
                value={draft.connection === "" ? null : draft.connection}
                disabled={readOnly || fixedConnection}
                onValueChange={(connection) => dispatch({ do: "change", fields: { connection } })}
              />
            </Field>
          </div>
          <div className="flex flex-col gap-2">
            <h3 className="font-medium text-sm">Who it binds</h3>
            {readOnly ? (
              <span className="flex flex-wrap gap-1.5">
                {draft.identities.length === 0 ? <span className="text-muted">Nobody.</span> : null}
                {draft.identities.map((one) => (
                  <BindingBadge key={JSON.stringify(one)} binding={one} />
                ))}
              </span>
            ) : (
              <BindingsInput
                value={draft.identities}
                suggestions={suggestions}
                onChange={(identities) => dispatch({ do: "change", fields: { identities: [...identities] } })}
              />
            )}
            {bindingProblem === null ? null : (
              <p role="alert" className="text-danger text-xs">
                {bindingProblem}
              </p>
            )}
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field
              label="What no rule covers"
              description="Several policies that bind the same identity: the strictest counts."
            >
              <Select
                options={DEFAULTS}
                value={draft.default}
                disabled={readOnly}
                onValueChange={(value) => dispatch({ do: "change", fields: { default: value } })}
              />
            </Field>
            <Field label="Metadata" description="Whether clients may list tables and columns that a rule is about.">
              <Select
                options={METADATA}
                value={draft.metadata}
                disabled={readOnly}
                onValueChange={(value) => dispatch({ do: "change", fields: { metadata: value } })}
              />
            </Field>
          </div>
        </div>
      </Card>
      <section aria-labelledby="rules-heading" className="flex min-w-0 flex-col gap-2">
        <h2 id="rules-heading" className="font-semibold text-sm">
          Rules
        </h2>
        <RuleList state={state} />
      </section>
      <WatchCard />
    </div>
  );
}
