"use client";

import { GraduationCap } from "lucide-react";
import { useRouter } from "next/navigation";
import { parseAsString, useQueryStates } from "nuqs";
import { useState } from "react";
import { useHydrated } from "@/components/connections/use-hydrated";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { formatCount } from "@/components/ui/format-quantity";
import { Select } from "@/components/ui/select";
import { errorText, send } from "@/components/ui/send";
import { Time } from "@/components/ui/time";
import { TimeFilter } from "@/components/ui/time-filter";
import type { EnforcementMode } from "@/lib/connections/model";
import type { SeenIdentity } from "@/lib/learning/list-seen";
import type { TimeRange } from "@/lib/time-range";
import { IdentityChoice } from "./identity-choice";
import { EnforcedNotice, NothingRecorded } from "./learn-notices";

/** As the question's schema has it; more at once are learned from by taking everybody. */
const MOST_IDENTITIES = 100;
const SHAPES = [
  { value: "each", label: "One policy each", hint: "Every identity may do what it did itself" },
  { value: "one", label: "One policy for all", hint: "Everyone chosen may do what any of them did" },
] as const;

/** What to learn from. Connection and period stand in the address; what is shown is what is learned from. */
export function LearnForm({
  connections,
  connection,
  since,
  until,
  usualRange,
  identities,
  mayRun,
  mayConfigure,
}: {
  readonly connections: readonly string[];
  readonly connection: { readonly name: string; readonly mode: EnforcementMode };
  readonly since: string;
  readonly until: string;
  readonly usualRange: TimeRange;
  readonly identities: readonly SeenIdentity[];
  readonly mayRun: boolean;
  readonly mayConfigure: boolean;
}) {
  const router = useRouter();
  const hydrated = useHydrated();
  const [, setAddress] = useQueryStates({ connection: parseAsString }, { shallow: false, history: "replace" });
  const [unwanted, setUnwanted] = useState<ReadonlySet<string>>(new Set());
  const [shape, setShape] = useState<(typeof SHAPES)[number]["value"]>("each");
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const wanted = identities.filter((one) => !unwanted.has(one.id));
  const all = wanted.length === identities.length;
  const statements = wanted.reduce((sum, one) => sum + one.statements, 0);
  const tooMany = !all && wanted.length > MOST_IDENTITIES;

  async function learn() {
    setPending(true);
    const answer = await send<{ id: string }>("POST", "/api/policies/learn", {
      connection: connection.name,
      since,
      until,
      // Those who were seen here, where they can be named: later ones were not looked at.
      identities: wanted.length > MOST_IDENTITIES ? [] : wanted.map((one) => one.id),
      together: shape === "one",
    });
    if (answer.ok) {
      router.push(`/policies/learn/${answer.data.id}`);
    } else {
      setPending(false);
      setProblem(answer.error.problems[0]?.message ?? errorText(answer.error));
    }
  }

  return (
    <Card title="What to learn from">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="grid items-start gap-4 md:grid-cols-[14rem_1fr]">
          <Field label="Connection">
            <Select
              options={connections.map((value) => ({ value, label: value }))}
              value={connection.name}
              onValueChange={(name) => void setAddress({ connection: name })}
            />
          </Field>
          <div className="flex min-w-0 flex-col gap-1">
            <span className="font-medium text-sm">Period</span>
            <TimeFilter label="Period" usual={usualRange} />
            <p className="text-faint text-xs">
              From <Time value={since} mode="absolute" /> to <Time value={until} mode="absolute" />.
            </p>
          </div>
        </div>
        {connection.mode === "enforce" ? (
          <EnforcedNotice connection={connection.name} mayConfigure={mayConfigure} />
        ) : null}
        {identities.length === 0 ? (
          <NothingRecorded connection={connection.name} mode={connection.mode} mayConfigure={mayConfigure} />
        ) : (
          <>
            <IdentityChoice identities={identities} unwanted={unwanted} onChange={setUnwanted} />
            <div className="flex flex-wrap items-end justify-between gap-4">
              <Field label="Policies" className="w-56">
                <Select options={SHAPES} value={shape} onValueChange={setShape} />
              </Field>
              <div className="flex flex-wrap items-center justify-end gap-3">
                <p role="status" className="text-muted text-sm">
                  {wanted.length === 0
                    ? "Choose at least one identity."
                    : tooMany
                      ? `Choose at most ${MOST_IDENTITIES} identities, or all of them.`
                      : `${formatCount(statements)} statements of ${wanted.length === 1 ? "1 identity" : `${wanted.length} identities`}.`}
                </p>
                {mayRun ? (
                  <Button
                    variant="primary"
                    pending={pending}
                    disabled={!hydrated || wanted.length === 0 || tooMany}
                    onClick={() => void learn()}
                  >
                    <GraduationCap aria-hidden />
                    Learn
                  </Button>
                ) : (
                  <p className="text-faint text-sm">An administrator can start it.</p>
                )}
              </div>
            </div>
          </>
        )}
        {problem === null ? null : (
          <p role="alert" className="text-danger text-sm">
            {problem}
          </p>
        )}
      </div>
    </Card>
  );
}
