"use client";

import { Play, RotateCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { Select } from "@/components/ui/select";
import { Time } from "@/components/ui/time";
import { IMPACT_DAYS, type ImpactDays } from "@/lib/policy/impact/draft";
import { ImpactChanges } from "./impact-changes";
import { ImpactFigures } from "./impact-figures";
import { ImpactRunning } from "./impact-running";
import type { Impact, ImpactRun } from "./use-impact";

const PERIODS = IMPACT_DAYS.map((days) => ({ value: String(days), label: periodText(days) }));

export function periodText(days: number): string {
  return days === 1 ? "the last day" : `the last ${days} days`;
}

/** What a draft would have done to recorded statements: asked for here, followed, and read in full. */
export function ImpactPanel({
  impact,
  ready,
  what = "this draft",
  note,
}: {
  readonly impact: Impact;
  /** Whether there is a draft without problems to ask about. */
  readonly ready: boolean;
  readonly what?: string;
  /** Under which assumption it is told. */
  readonly note?: string;
}) {
  const [days, setDays] = useState<ImpactDays>(7);
  const { run, outdated, start, cancel } = impact;
  const running = run.kind === "running";
  const again = run.kind !== "none" && !running;
  return (
    <Card
      title="Impact"
      description={`What would ${what} have done? Recorded statements are decided again; none is sent.`}
    >
      <div className="flex min-w-0 flex-col gap-4">
        <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-2">
          <Select
            aria-label="Period"
            options={PERIODS}
            value={String(days)}
            disabled={running}
            onValueChange={(value) => setDays(IMPACT_DAYS.find((one) => String(one) === value) ?? days)}
          />
          <Button
            variant={again && !outdated ? "secondary" : "primary"}
            disabled={!ready || (running && !outdated)}
            onClick={() => start(days)}
          >
            {again ? <RotateCw aria-hidden /> : <Play aria-hidden />}
            {again ? "Run again" : "Show impact"}
          </Button>
        </div>
        {note === undefined ? null : <p className="text-muted text-xs">{note}</p>}
        {ready ? null : (
          <p className="text-warn text-xs">The draft has problems: correct them, then its impact can be told.</p>
        )}
        {outdated ? (
          <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
            Outdated: {what} has changed since. Run it again.
          </p>
        ) : null}
        <Answer run={run} cancel={cancel} />
      </div>
    </Card>
  );
}

function Answer({ run, cancel }: { readonly run: Impact["run"]; readonly cancel: Impact["cancel"] }) {
  switch (run.kind) {
    case "none":
      return (
        <p className="text-faint text-sm">
          Each change with who would notice it, how often, and the statement in its replay.
        </p>
      );
    case "running":
      return <ImpactRunning run={run} cancel={cancel} />;
    case "cancelled":
      return (
        <p role="status" className="text-muted text-sm">
          Cancelled: nothing is known of its impact.
        </p>
      );
    case "failed":
      return (
        <p role="alert" className="text-danger text-sm">
          {run.error}
        </p>
      );
    case "done":
      return <Result {...run} />;
    default:
      return run satisfies never;
  }
}

function Result({ result, days, endedAt, connection }: Extract<ImpactRun, { kind: "done" }>) {
  const { statements, changes, templates, identities } = result;
  if (statements === 0) {
    return (
      <EmptyState kind="first-use" title={`Nothing was recorded in ${periodText(days)}`}>
        Choose a longer period, or let agents work on {connection} first: in observe mode nothing is blocked meanwhile.
      </EmptyState>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="flex min-w-0 flex-col gap-2">
        <p role="status" className="text-muted text-xs">
          {formatCount(statements)} {statements === 1 ? "statement" : "statements"} of {periodText(days)}:{" "}
          {formatCount(templates)} different, by {formatCount(identities)}{" "}
          {identities === 1 ? "identity" : "identities"}.
          {endedAt === null ? null : (
            <>
              {" "}
              Looked at <Time value={endedAt} />.
            </>
          )}
        </p>
        <ImpactFigures result={result} />
      </div>
      {changes.length === 0 ? (
        <EmptyState kind="no-result" title="No recorded statement would be decided differently">
          What was not sent in {periodText(days)} is not in it.
        </EmptyState>
      ) : (
        <ImpactChanges result={result} connection={connection} />
      )}
    </div>
  );
}
