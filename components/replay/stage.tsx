"use client";

import { useState, useSyncExternalStore } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { errorText } from "@/components/ui/send";
import { Skeleton } from "@/components/ui/skeleton";
import type { ReplayResult, StatementReplay } from "@/lib/recordings/replay-model";
import { type Phase, phaseAt } from "@/lib/recordings/timeline/moment";
import { AnswerPacket } from "./answer-packet";
import { ErrorText, MissingNote } from "./missing-note";
import { OutcomeMark } from "./outcome-mark";
import { ResultGrid } from "./result-grid";
import type { Loaded } from "./statement-source";
import { StatementSql } from "./statement-sql";
import { type Spot, usePlayer, useReplay } from "./use-player";

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  before: "not sent yet",
  arrived: "being decided on",
  held: "held for a reviewer",
  running: "running",
  answering: "answer arriving",
  done: "answered",
  lost: "its end was not seen",
};

/** The statement at the playhead in full, as far as it is known; drawn again when its answer comes. */
export function useLoaded(id: string | undefined): Loaded | null {
  const { source } = useReplay();
  const read = () => (id === undefined ? null : source.get(id));
  return useSyncExternalStore(source.subscribe, read, read);
}

/** What the client saw at this moment: its statement, and as much of the answer as had arrived. */
export function Stage() {
  const { replay, source, spot } = useReplay();
  const index = usePlayer((state) => state.index);
  const statement = replay.statements[index];
  const loaded = useLoaded(statement?.id);
  const firstByteUs = loaded?.at === "done" ? loaded.replay.firstByteUs : null;
  const phase = usePlayer((state) => (statement === undefined ? "before" : phaseAt(statement, state.us, firstByteUs)));
  const frame = "flex min-h-96 min-w-0 flex-col overflow-hidden rounded-lg border bg-surface";
  if (statement === undefined || loaded === null) {
    return (
      <section aria-label="At this moment" className={frame}>
        <EmptyState kind="first-use" title="The client has just logged in">
          Its first statement has not arrived yet. Press play, or the right arrow.
        </EmptyState>
      </section>
    );
  }
  return (
    <section aria-label="At this moment" className={frame}>
      <header className="flex flex-wrap items-center gap-2 border-b px-3 py-2">
        <h2 className="font-semibold text-sm">
          Statement {formatCount(index + 1)}{" "}
          <span className="font-normal text-faint">of {formatCount(replay.statements.length)}</span>
        </h2>
        {phase === "done" ? (
          <OutcomeMark statement={statement} />
        ) : (
          <Badge tone={phase === "held" ? "warn" : "info"}>{PHASE_WORDS[phase]}</Badge>
        )}
      </header>
      <StatementSql statement={statement} full={loaded.at === "done" ? loaded.replay : null} />
      {loaded.at === "failed" ? (
        <EmptyState
          kind="error"
          title="This statement could not be read"
          requestId={loaded.error.requestId}
          action={<Button onClick={() => source.renew(statement.id)}>Try again</Button>}
        >
          {errorText(loaded.error)}
        </EmptyState>
      ) : loaded.at === "loading" ? (
        <div role="status" aria-label="Loading the answer" className="flex flex-col gap-2 p-3">
          <Skeleton className="h-6" />
          <Skeleton className="h-40" />
        </div>
      ) : (
        <Answer
          key={spot?.statementId === statement.id ? `${statement.id}/${spot.visit}` : statement.id}
          full={loaded.replay}
          phase={phase}
          spot={spot?.statementId === statement.id ? spot.at : null}
        />
      )}
    </section>
  );
}

/** The results of a statement, one at a time. */
function Answer({
  full,
  phase,
  spot,
}: {
  readonly full: StatementReplay;
  readonly phase: Phase;
  readonly spot: Spot["at"] | null;
}) {
  const [chosen, setChosen] = useState(spot?.result ?? 0);
  const { results, missing, error } = full;
  if (phase === "before" || phase === "arrived" || phase === "held" || phase === "running") {
    return <p className="p-6 text-center text-muted text-sm">{WAITING[phase]}</p>;
  }
  if (missing !== null) return <MissingNote missing={missing} error={error} />;
  const result = results[chosen];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {results.length < 2 ? null : (
        <fieldset aria-label="Results" className="flex gap-1 overflow-x-auto border-b px-2 py-1">
          {results.map((one, at) => (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: the place is what tells results apart
              key={at}
              type="button"
              aria-pressed={at === chosen}
              onClick={() => setChosen(at)}
              className={cn(
                "min-h-7 shrink-0 rounded px-2 text-muted text-xs hover:bg-hover",
                at === chosen && "bg-selected font-medium text-fg",
              )}
            >
              {at + 1}: {nameOf(one)}
            </button>
          ))}
        </fieldset>
      )}
      {result === undefined && error !== null ? (
        <ErrorText error={error} />
      ) : result === undefined ? (
        <p className="p-6 text-center text-muted text-sm">The client got no answer.</p>
      ) : result.kind === "rows" ? (
        <ResultGrid
          key={chosen}
          statementId={full.statement.id}
          place={chosen}
          result={result}
          spot={spot?.result === chosen ? spot : null}
          total={results.length === 1 ? full.statement.rows : null}
        />
      ) : (
        <AnswerPacket result={result} />
      )}
    </div>
  );
}

const WAITING = {
  before: "The client has not sent it yet.",
  arrived: "The gateway is deciding; nothing has gone to the client.",
  held: "The client waits for a reviewer; nothing has gone to it.",
  running: "The database is working; nothing has come back yet.",
} as const;

function nameOf(result: ReplayResult): string {
  return result.kind === "rows"
    ? `${formatCount(result.recorded)} rows`
    : result.kind === "ok"
      ? "OK"
      : `Error ${result.errno}`;
}
