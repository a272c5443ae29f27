"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { bindingParts } from "@/components/connections/binding-text";
import { IdentityInput, identityQuestion, type TriedIdentity } from "@/components/policies/try/identity-input";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { errorText, send } from "@/components/ui/send";
import type { BindingSuggestion } from "@/lib/policy/suggest-bindings";
import type { SelfTestHead } from "@/lib/self-test/read-self-tests";
import type { Attacked, AttackedSuggestions } from "@/lib/self-test/suggest-attacked";
import { RunningTest } from "./running-test";

/** Says what a test does, and starts one for an identity. */
export function StartTest({
  connection,
  first,
  seen,
  suggestions,
  runs,
  active,
}: {
  readonly connection: string;
  readonly first: Attacked | null;
  readonly seen: AttackedSuggestions["seen"];
  readonly suggestions: readonly BindingSuggestion[];
  readonly runs: boolean;
  readonly active: Pick<SelfTestHead, "id" | "progress" | "step" | "state"> | null;
}) {
  const router = useRouter();
  const [prefilled] = useState(() => triedAs(first));
  const [identity, setIdentity] = useState<TriedIdentity>(prefilled);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const question = identityQuestion(identity);
  async function start() {
    setPending(true);
    setError(null);
    const sent = await send<{ id: string }>("POST", "/api/self-tests", {
      connection,
      identity: question,
    });
    setPending(false);
    if (sent.ok) router.refresh();
    else setError(errorText(sent.error));
  }

  return (
    <Card
      title="Attack my policy"
      description="Tries to get past this connection's rules and masks, as an identity that you choose."
    >
      <div className="grid gap-4 text-sm md:grid-cols-2">
        <div>
          <h3 className="font-medium">What it does</h3>
          <ul className="mt-1 list-disc space-y-1 pl-4 text-muted">
            <li>Makes up to 400 attacks from this connection's tables, masks and rules.</li>
            <li>A gateway sends them through its whole real path, under the identity “Self-test of {connection}”.</li>
            <li>Reads a few masked values with its own account, in memory only, to know a leak when it sees one.</li>
            <li>Keeps the result with its date as evidence; every statement is in the record.</li>
          </ul>
        </div>
        <div>
          <h3 className="font-medium">What it does not do</h3>
          <ul className="mt-1 list-disc space-y-1 pl-4 text-muted">
            <li>Change anything: what could do more than read is sent only if the policy is sure to refuse it.</li>
            <li>Ask reviewers: what they would have to decide on counts as stopped and is not sent.</li>
            <li>Keep or show a masked value.</li>
            <li>Prove that there is no hole: it tries known ways only.</li>
          </ul>
        </div>
      </div>
      {active !== null ? (
        <RunningTest key={active.id} first={active} runs={runs} />
      ) : runs ? (
        <div className="mt-4 flex flex-col gap-2 border-t pt-4">
          <p className="font-medium text-sm">Whose policies</p>
          <div className="flex flex-col gap-2 sm:flex-row sm:items-start">
            <div className="min-w-0 flex-1">
              <IdentityInput value={identity} onChange={setIdentity} seen={seen} suggestions={suggestions} />
            </div>
            <Button variant="primary" onClick={() => void start()} pending={pending} disabled={question === null}>
              Run self-test
            </Button>
          </div>
          {first === null ? (
            <p className="text-muted text-sm">
              No policy binds anybody to this connection yet: there is nothing to attack.
            </p>
          ) : identity === prefilled ? (
            <p className="text-muted text-sm">{whyFirst(first)}</p>
          ) : null}
          {error === null ? null : (
            <p role="alert" className="text-danger text-sm">
              {error}
            </p>
          )}
        </div>
      ) : null}
    </Card>
  );
}

function triedAs(first: Attacked | null): TriedIdentity {
  if (first === null) return { kind: "client_id", value: "" };
  return first.kind === "seen" ? { kind: "seen", value: first.id } : bindingParts(first.binding);
}

function whyFirst(first: Attacked): string {
  return first.kind === "seen"
    ? "Of all whom a policy binds, this identity sent statements here most recently."
    : `Nobody whom a policy binds was here lately: this is who the policy ${first.policy} binds, the one with the most rules that allow something.`;
}
