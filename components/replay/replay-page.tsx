"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { errorText, send } from "@/components/ui/send";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Replay, StatementReplay } from "@/lib/recordings/replay-model";
import { placeAsked } from "@/lib/recordings/timeline/address";
import { Player } from "./player";
import { readWhole } from "./read-whole";
import { ReplaySkeleton } from "./replay-skeleton";
import { ReplayView } from "./replay-view";
import { StatementSource } from "./statement-source";

export interface ReplayPageProps {
  readonly sessionId: string;
  readonly title: string;
  readonly mayKill: boolean;
  readonly mayExport: boolean;
}

type Opened = {
  readonly at: "done";
  readonly replay: Replay;
  readonly player: Player;
  readonly source: StatementSource;
};
type Load = Opened | { readonly at: "loading" } | { readonly at: "failed"; readonly error: ErrorBody };

/** A session's replay: reads it, says what went wrong when it can not, and then plays it. */
export function ReplayPage({ sessionId, title, mayKill, mayExport }: ReplayPageProps) {
  const [load, setLoad] = useState<Load>({ at: "loading" });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads again
  useEffect(() => {
    const stop = new AbortController();
    void open(sessionId, stop.signal).then((opened) => {
      if (!stop.signal.aborted) setLoad(opened);
    });
    return () => stop.abort();
  }, [sessionId, attempt]);
  if (load.at === "loading") return <ReplaySkeleton title={title} />;
  if (load.at === "failed") {
    return (
      <>
        <h1 className="font-semibold text-lg leading-7">{title}</h1>
        <EmptyState
          kind="error"
          title="The replay could not be opened"
          requestId={load.error.requestId}
          action={
            <Button
              variant="primary"
              onClick={() => {
                setLoad({ at: "loading" });
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </Button>
          }
        >
          {errorText(load.error)}
        </EmptyState>
      </>
    );
  }
  return <ReplayView opened={load} title={title} mayKill={mayKill} mayExport={mayExport} />;
}

async function open(sessionId: string, signal: AbortSignal): Promise<Load> {
  const base = `/api/sessions/${sessionId}/replay`;
  const sent = await readWhole(base, (path) => send<Replay>("GET", path, undefined, signal));
  if (!sent.ok) return { at: "failed", error: sent.error };
  if (!signal.aborted) void send("POST", `${base}/watched`, {});
  const place = placeAsked(sent.data, new URLSearchParams(window.location.search));
  const source = new StatementSource(base, (path, stop) => send<StatementReplay>("GET", path, undefined, stop));
  return { at: "done", replay: sent.data, player: new Player(sent.data, place), source };
}
