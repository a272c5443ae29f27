"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText, send } from "@/components/ui/send";
import type { AnalysisState } from "@/lib/db/schema/analyses";

const POLL_MS = 1000;

/** Of long work, what its progress needs; moments as JSON gives them do not matter here. */
export interface AnalysisStanding {
  readonly id: string;
  readonly state: AnalysisState;
  readonly progress: number;
  readonly step: string | null;
  readonly cancelRequestedAt: Date | string | null;
}

const isOver = (state: AnalysisState) => state !== "queued" && state !== "running";

/** How far long work is, and a way to stop it. Reads the page anew when it is over. `what`: e.g. "Learning". */
export function AnalysisProgress({
  start,
  what,
  mayCancel,
}: {
  readonly start: AnalysisStanding;
  readonly what: string;
  readonly mayCancel: boolean;
}) {
  const router = useRouter();
  const [now, setNow] = useState(start);
  const [problem, setProblem] = useState<string | null>(null);
  const [cancelling, setCancelling] = useState(false);
  const { id } = start;

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    async function ask() {
      const answer = await send<{ analysis: AnalysisStanding }>("GET", `/api/analyses/${id}`, undefined, stop.signal);
      if (stop.signal.aborted) return;
      setProblem(answer.ok ? null : errorText(answer.error));
      if (answer.ok) setNow(answer.data.analysis);
      if (answer.ok && isOver(answer.data.analysis.state)) router.refresh();
      else timer = setTimeout(ask, POLL_MS);
    }
    timer = setTimeout(ask, POLL_MS);
    return () => {
      stop.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [id, router]);

  async function cancel() {
    setCancelling(true);
    const answer = await send("DELETE", `/api/analyses/${id}`);
    if (!answer.ok) {
      setCancelling(false);
      setProblem(errorText(answer.error));
    }
  }

  const percent = Math.round(now.progress * 100);
  const stopping = cancelling || now.cancelRequestedAt !== null;
  const step = stopping
    ? "Stopping"
    : now.state === "queued"
      ? "Waiting for a console that takes it"
      : (now.step ?? "Beginning");
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
        <p role="status">{step}</p>
        <span className="text-muted tabular-nums">{percent} %</span>
      </div>
      <div
        role="progressbar"
        aria-label={what}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 overflow-hidden rounded-full bg-hover"
      >
        <div
          className="h-full rounded-full bg-accent transition-[width] duration-500 motion-reduce:transition-none"
          style={{ width: `${percent}%` }}
        />
      </div>
      {problem === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {problem}
        </p>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-faint text-xs">It goes on when you leave this page.</p>
        {mayCancel ? (
          <Button disabled={stopping} pending={cancelling} onClick={() => void cancel()}>
            Cancel
          </Button>
        ) : null}
      </div>
    </div>
  );
}
