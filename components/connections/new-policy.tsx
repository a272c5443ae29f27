"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ImpactDialog } from "@/components/impact/impact-dialog";
import { useImpact } from "@/components/impact/use-impact";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorText } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Binding } from "@/lib/policy/binding";
import { policyImpact } from "@/lib/policy/impact/draft";
import { type Policy, policyName } from "@/lib/policy/rule";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import { BindingsInput } from "./bindings-input";
import type { PolicyActions } from "./policy-editor";

/** A policy that binds identities; its rules are written on its page. */
export function NewPolicy({
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

  const draft: Policy = { name, identities: [...identities], metadata: "allow", default: "deny", rules: [] };
  const impact = useImpact(policyName.safeParse(name).success ? policyImpact(connection.name, null, draft) : null);
  const [asking, setAsking] = useState(false);

  async function save(confirmation: { readonly confirmation?: string }) {
    setPending(true);
    const input = { name, connectionId: connection.id, identities: [...identities], ...confirmation };
    const result = await create(input);
    setPending(false);
    setAsking(false);
    if (result.ok) {
      toast.success(`${name} created`, "In force at every gateway within a second");
      onDone();
      router.refresh();
    } else {
      impact.refused(result.error);
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
          <Button
            variant="primary"
            pending={pending}
            onClick={() => {
              if (identities.length === 0 || !policyName.safeParse(name).success) void save({});
              else setAsking(true);
            }}
          >
            Create policy
          </Button>
        </div>
      </div>
      <ImpactDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Create ${name}?`}
        impact={impact}
        onlyNarrows={false}
        action="Create"
        onConfirm={async (confirmation) => {
          await save(confirmation);
          return null;
        }}
      />
    </Card>
  );
}
