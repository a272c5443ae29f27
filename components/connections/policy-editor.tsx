"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import type { ActionResult } from "@/lib/auth/console-action";
import type { Binding } from "@/lib/policy/binding";
import type { PolicyView } from "@/lib/policy/list-policies";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { NewPolicy } from "./new-policy";
import { PolicyCard, ReadOnlyPolicy } from "./policy-card";

export interface PolicyActions {
  readonly create: (input: {
    name: string;
    connectionId: string;
    identities: Binding[];
    confirmation?: string;
  }) => Promise<ActionResult<{ id: string; version: number }>>;
  readonly update: (input: {
    id: string;
    version: number;
    name: string;
    identities: Binding[];
    confirmation?: string;
  }) => Promise<ActionResult<{ version: number }>>;
  readonly remove: (input: {
    id: string;
    version: number;
    confirmation?: string;
  }) => Promise<ActionResult<{ name: string }>>;
}

/** Who may connect: the policies of a connection, each with its identities. `actions` is null for people who may only look. */
export function PolicyEditor({
  connection,
  policies,
  suggestions,
  actions,
}: {
  readonly connection: { readonly id: string; readonly name: string };
  readonly policies: readonly PolicyView[];
  readonly suggestions: readonly BindingSuggestion[];
  readonly actions: PolicyActions | null;
}) {
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-4">
      {policies.length === 0 && !adding ? (
        <p className="text-muted text-sm">No policy binds anyone to {connection.name}: every login is refused.</p>
      ) : null}
      {policies.map((policy) =>
        actions === null ? (
          <ReadOnlyPolicy key={policy.id} policy={policy} />
        ) : (
          <PolicyCard
            key={policy.id}
            connection={connection.name}
            policy={policy}
            suggestions={suggestions}
            actions={actions}
          />
        ),
      )}
      {actions === null ? null : adding ? (
        <NewPolicy
          connection={connection}
          first={policies.length === 0}
          suggestions={suggestions}
          create={actions.create}
          onDone={() => setAdding(false)}
        />
      ) : (
        <div>
          <Button variant={policies.length === 0 ? "primary" : "secondary"} onClick={() => setAdding(true)}>
            <Plus aria-hidden />
            New policy
          </Button>
        </div>
      )}
    </div>
  );
}
