"use client";

import { Trash2 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { ImpactDialog } from "@/components/impact/impact-dialog";
import { useImpact } from "@/components/impact/use-impact";
import { RemovePolicyDialog } from "@/components/policies/remove-policy";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { errorText } from "@/components/ui/send";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Binding } from "@/lib/policy/binding";
import { policyImpact } from "@/lib/policy/impact/draft";
import { policyOnlyNarrows, removalOnlyNarrows } from "@/lib/policy/impact/policy-narrows";
import type { PolicyView } from "@/lib/policy/list-policies";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { BindingBadge } from "./binding-text";
import { BindingsInput } from "./bindings-input";
import { ConflictNotice } from "./conflict-notice";
import type { PolicyActions } from "./policy-editor";

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

/** Whom a policy binds, to look at. */
export function ReadOnlyPolicy({ policy }: { readonly policy: PolicyView }) {
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

/** Whom a policy binds, to change, and its removal. */
export function PolicyCard({
  connection,
  policy,
  suggestions,
  actions,
}: {
  readonly connection: string;
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
  const { name } = policy;
  const after = { ...policy, identities: [...value] };
  const impact = useImpact(draft === null ? null : policyImpact(connection, name, after));
  /** The version to save over while its impact is shown; null: nothing is asked. */
  const [asking, setAsking] = useState<number | null>(null);

  /** At once where nobody can get more by it. */
  function ask(version: number) {
    if (policyOnlyNarrows(policy, after)) void save(version, {});
    else setAsking(version);
  }

  async function save(version: number, confirmation: { readonly confirmation?: string }): Promise<ErrorBody | null> {
    setPending(true);
    const input = { id: policy.id, version, name, identities: [...value], ...confirmation };
    const result = await actions.update(input);
    setPending(false);
    setError(result.ok ? null : result.error);
    if (result.ok) {
      setDraft(null);
      toast.success(`${name} saved`, "In force at every gateway within a second");
    } else impact.refused(result.error);
    router.refresh();
    return result.ok ? null : result.error;
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
            onKeepMine={() => ask(policy.version)}
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
            <Button variant="primary" pending={pending} onClick={() => ask(base)}>
              Save
            </Button>
          </div>
        )}
      </div>
      <ImpactDialog
        open={asking !== null}
        onOpenChange={() => setAsking(null)}
        title={`Save ${name}?`}
        description="Whom a policy binds may do all that its rules allow."
        impact={impact}
        onlyNarrows={false}
        action="Save"
        onConfirm={async (confirmation) => {
          const problem = await save(asking ?? base, confirmation);
          if (problem !== null && problem.code !== "CONFLICT") return errorText(problem);
          setAsking(null);
          return null;
        }}
      />
      <RemovePolicyDialog
        id={policy.id}
        version={policy.version}
        name={name}
        connection={connection}
        onlyNarrows={removalOnlyNarrows(policy)}
        remove={actions.remove}
        open={removing}
        onOpenChange={setRemoving}
        onRemoved={() => router.refresh()}
      />
    </Card>
  );
}
