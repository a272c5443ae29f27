"use client";

import { Plus, Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText } from "@/components/ui/send";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/auth/console-action";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Binding } from "@/lib/policy/binding";
import type { PolicyView } from "@/lib/policy/list-policies";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { BindingBadge } from "./binding-text";
import { BindingsInput } from "./bindings-input";
import { ConflictNotice } from "./conflict-notice";

export interface PolicyActions {
  readonly create: (input: {
    name: string;
    connectionId: string;
    identities: Binding[];
  }) => Promise<ActionResult<{ id: string; version: number }>>;
  readonly update: (input: {
    id: string;
    version: number;
    name: string;
    identities: Binding[];
  }) => Promise<ActionResult<{ version: number }>>;
  readonly remove: (input: { id: string; version: number }) => Promise<ActionResult<{ name: string }>>;
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
          <PolicyCard key={policy.id} policy={policy} suggestions={suggestions} actions={actions} />
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

function Changed({ policy }: { readonly policy: PolicyView }) {
  return (
    <>
      Changed <Time value={policy.updatedAt} /> by {policy.updatedBy}
    </>
  );
}

/** Leads to the policy's rules. */
function PolicyLink({ policy }: { readonly policy: PolicyView }) {
  return (
    <Link
      href={`/policies/${policy.id}`}
      className="inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline"
    >
      {policy.name}
    </Link>
  );
}

function ReadOnlyPolicy({ policy }: { readonly policy: PolicyView }) {
  return (
    <Card title={<PolicyLink policy={policy} />} description={<Changed policy={policy} />}>
      <div className="flex flex-wrap gap-1.5">
        {policy.identities.length === 0 ? <span className="text-muted text-sm">Binds nobody.</span> : null}
        {policy.identities.map((one) => (
          <BindingBadge key={JSON.stringify(one)} binding={one} />
        ))}
      </div>
    </Card>
  );
}

function PolicyCard({
  policy,
  suggestions,
  actions,
}: {
  readonly policy: PolicyView;
  readonly suggestions: readonly BindingSuggestion[];
  readonly actions: PolicyActions;
}) {
  const router = useRouter();
  const [draft, setDraft] = useState<readonly Binding[] | null>(null);
  const [base, setBase] = useState(policy.version);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [pending, setPending] = useState(false);
  const [removing, setRemoving] = useState(false);
  const value = draft ?? policy.identities;

  async function save(version: number) {
    setPending(true);
    const result = await actions.update({ id: policy.id, version, name: policy.name, identities: [...value] });
    setPending(false);
    setError(result.ok ? null : result.error);
    if (result.ok) {
      setDraft(null);
      toast.success(`${policy.name} saved`, "In force at every gateway within a second");
    }
    router.refresh();
  }

  return (
    <Card
      title={<PolicyLink policy={policy} />}
      description={<Changed policy={policy} />}
      actions={
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Remove policy ${policy.name}`}
          onClick={() => setRemoving(true)}
        >
          <Trash2 aria-hidden />
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        <BindingsInput
          value={value}
          suggestions={suggestions}
          onChange={(next) => {
            if (draft === null) setBase(policy.version);
            setDraft(next);
          }}
        />
        {error === null ? null : error.code === "CONFLICT" ? (
          <ConflictNotice
            error={error}
            current={policy.version !== base}
            difference={
              <div className="flex flex-wrap gap-1.5">
                Now: {policy.identities.length === 0 ? "nobody" : null}
                {policy.identities.map((one) => (
                  <BindingBadge key={JSON.stringify(one)} binding={one} />
                ))}
              </div>
            }
            onTakeTheirs={() => {
              setDraft(null);
              setError(null);
            }}
            onKeepMine={() => void save(policy.version)}
          />
        ) : (
          <p role="alert" className="text-danger text-sm">
            {error.problems[0]?.message ?? errorText(error)}
          </p>
        )}
        {draft === null ? null : (
          <div className="flex flex-wrap items-center justify-end gap-2 border-t pt-3">
            <p className="mr-auto text-muted text-xs">Sessions of those no longer bound end within a second.</p>
            <Button onClick={() => setDraft(null)}>Discard</Button>
            <Button variant="primary" pending={pending} onClick={() => void save(base)}>
              Save
            </Button>
          </div>
        )}
      </div>
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${policy.name}?`}
        consequences="Identities that no other policy binds to this connection are refused at once, and their open sessions end within a second."
        action="Remove policy"
        onConfirm={async () => {
          const result = await actions.remove({ id: policy.id, version: policy.version });
          router.refresh();
          return result.ok ? null : errorText(result.error);
        }}
      />
    </Card>
  );
}

function NewPolicy({
  connection,
  first,
  suggestions,
  create,
  onDone,
}: {
  readonly connection: { readonly id: string; readonly name: string };
  readonly first: boolean;
  readonly suggestions: readonly BindingSuggestion[];
  readonly create: PolicyActions["create"];
  readonly onDone: () => void;
}) {
  const router = useRouter();
  const [name, setName] = useState(first ? `${connection.name}-access` : "");
  const [identities, setIdentities] = useState<readonly Binding[]>([]);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [pending, setPending] = useState(false);
  const nameProblem = error?.problems.find((one) => one.path === "name")?.message;

  async function save() {
    setPending(true);
    const result = await create({ name, connectionId: connection.id, identities: [...identities] });
    setPending(false);
    if (result.ok) {
      toast.success(`${name} created`, "In force at every gateway within a second");
      onDone();
      router.refresh();
    } else {
      setError(result.error);
    }
  }

  return (
    <Card title="New policy">
      <div className="flex flex-col gap-3">
        <Field label="Name" error={nameProblem}>
          <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        </Field>
        <BindingsInput value={identities} onChange={setIdentities} suggestions={suggestions} />
        <p className="text-muted text-xs">
          A new policy has no rules yet and denies every statement: write them on the Policies page.
        </p>
        {error !== null && nameProblem === undefined ? (
          <p role="alert" className="text-danger text-sm">
            {errorText(error)}
          </p>
        ) : null}
        <div className="flex justify-end gap-2 border-t pt-3">
          <Button onClick={onDone}>Cancel</Button>
          <Button variant="primary" pending={pending} onClick={() => void save()}>
            Create policy
          </Button>
        </div>
      </div>
    </Card>
  );
}
