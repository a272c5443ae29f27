"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { SqlText } from "@/components/ui/code-block";
import { formatCount } from "@/components/ui/format-quantity";
import { CHANGE_LABELS } from "@/lib/policy/impact/labels";
import { WIDENING } from "@/lib/policy/impact/model";
import { ImpactChanges } from "./impact-changes";
import { ImpactFigures } from "./impact-figures";
import { changeKey } from "./impact-groups";
import { periodText } from "./impact-panel";
import { ImpactRunning } from "./impact-running";
import type { Impact, ImpactRun } from "./use-impact";
import type { ImpactCheck } from "./use-impact-check";

const NAMED = 3;
const DAYS = 7;

/** The impact of a draft in short, where it is about to be published: the figures, and what it newly gives to whom. */
export function ImpactSummary({ impact, check }: { readonly impact: Impact; readonly check: ImpactCheck }) {
  const { run, outdated } = impact;
  return (
    <section aria-label="Impact" className="flex min-w-0 flex-col gap-2 text-fg text-sm">
      <h3 className="font-medium text-sm">
        Impact on{" "}
        {run.kind === "done" && !outdated ? `what was recorded in ${periodText(run.days)}` : "what was recorded"}
      </h3>
      {check.onlyNarrows ? (
        <p className="text-muted text-xs">This can only narrow what identities may do and see.</p>
      ) : null}
      {check.loosens ? (
        <p className="text-warn text-xs">
          It limits less: its budgets, or what sudden behaviour is reviewed, loosen. The figures do not show that.
        </p>
      ) : null}
      {check.unseen ? (
        <p className="text-warn text-xs">
          The default schema becomes another one, in which names of rules and statements resolve. The figures do not
          show that.
        </p>
      ) : null}
      <Answer impact={impact} />
    </section>
  );
}

function Answer({ impact }: { readonly impact: Impact }) {
  const { run, outdated, cancel, start } = impact;
  if (run.kind === "none" || outdated) return <p className="text-faint text-xs">Not known yet.</p>;
  if (run.kind === "running") return <ImpactRunning run={run} cancel={cancel} />;
  if (run.kind === "done") return <Result {...run} />;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {run.kind === "failed" ? (
        <p role="alert" className="min-w-0 flex-1 text-danger">
          Its impact is not known: {run.error}
        </p>
      ) : (
        <p role="status" className="min-w-0 flex-1 text-muted">
          Cancelled: nobody knows what this would do.
        </p>
      )}
      <Button size="sm" onClick={() => start(DAYS)}>
        Run again
      </Button>
    </div>
  );
}

function Result({ result, days, connection }: Extract<ImpactRun, { kind: "done" }>) {
  const [each, setEach] = useState(false);
  if (result.statements === 0) {
    return (
      <p className="text-muted text-xs">Nothing was recorded in {periodText(days)}, so nothing can be foreseen.</p>
    );
  }
  const widening = result.changes.filter((one) => WIDENING.has(one.kind));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <ImpactFigures result={result} />
      {widening.length === 0 ? (
        <p className="text-muted text-xs">Nobody gets more than they had in {periodText(days)}.</p>
      ) : (
        <ul aria-label="What it newly gives" className="flex min-w-0 flex-col gap-1 text-xs">
          {widening.slice(0, NAMED).map((one) => (
            <li key={changeKey(one)} className="flex min-w-0 items-center gap-2">
              <span className="shrink-0 text-warn">
                {CHANGE_LABELS[one.kind].label}, {formatCount(one.count)}×
              </span>
              <span className="max-w-32 shrink-0 truncate font-medium">{one.identity.name}</span>
              <code className="min-w-0 flex-1 truncate font-mono">
                <SqlText sql={one.sample.sql.replace(/\s+/g, " ")} />
              </code>
            </li>
          ))}
          {widening.length > NAMED ? (
            <li className="text-faint">and {formatCount(widening.length - NAMED)} more</li>
          ) : null}
        </ul>
      )}
      {result.changes.length === 0 ? null : (
        <Button variant="ghost" size="sm" className="self-start" aria-expanded={each} onClick={() => setEach(!each)}>
          {each ? "Hide each change" : "Show each change"}
        </Button>
      )}
      {each ? <ImpactChanges result={result} connection={connection} /> : null}
    </div>
  );
}
