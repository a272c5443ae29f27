"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText, send } from "@/components/ui/send";
import type { SelfTestHead } from "@/lib/self-test/read-self-tests";

type Progress = Pick<SelfTestHead, "id" | "progress" | "step" | "state">;

const EVERY_MS = 1_000;

/** How far the test is that runs now; the page is loaded anew when it is over. */
export function RunningTest({ first, runs }: { readonly first: Progress; readonly runs: boolean }) {
  const router = useRouter();
  const [now, setNow] = useState<Progress>(first);
  const [cancelling, setCancelling] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { id } = first;

  useEffect(() => {
    const stop = new AbortController();
    const timer = setInterval(async () => {
      const sent = await send<{ analysis: Progress }>("GET", `/api/analyses/${id}`, undefined, stop.signal);
      if (stop.signal.aborted) return;
      setProblem(sent.ok ? null : errorText(sent.error));
      if (!sent.ok) return;
      setNow(sent.data.analysis);
      const { state } = sent.data.analysis;
      if (state !== "queued" && state !== "running") {
        clearInterval(timer);
        router.refresh();
      }
    }, EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [id, router]);

  async function cancel() {
    setCancelling(true);
    const sent = await send("DELETE", `/api/analyses/${id}`);
    if (sent.ok) router.refresh();
    else {
      setCancelling(false);
      setProblem(errorText(sent.error));
    }
  }

  const percent = Math.round(now.progress * 100);
  return (
    <div className="mt-4 flex flex-col gap-2 border-t pt-4">
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="font-medium text-sm">
            {now.state === "queued" ? "Waits for a gateway" : `Attacking: ${percent} %`}
          </p>
          <p className="truncate text-muted text-xs">{now.step ?? "A gateway takes it within a second or two."}</p>
        </div>
        {runs ? (
          <Button size="sm" onClick={() => void cancel()} pending={cancelling}>
            Cancel
          </Button>
        ) : null}
      </div>
      <progress
        className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
        aria-label="Progress of the self-test"
        max={100}
        value={percent}
      />
      {problem === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {problem}
        </p>
      )}
    </div>
  );
}
