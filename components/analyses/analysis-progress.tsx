"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { Button } from "@/components/ui/button";
import { errorText, send } from "@/components/ui/send";
import { isPending } from "@/lib/analyses/labels";
import type { AnalysisHead } from "@/lib/analyses/read";
import type { Wire } from "@/lib/http/wire";

const POLL_MS = 700;

type Answer = { readonly analysis: Wire<AnalysisHead> };

/** Long work that is queued or runs: how far it is, and a way to stop it. Reads the page again when it is over. */
export function AnalysisProgress({
  analysis,
  what,
  mayCancel,
}: {
  readonly analysis: Wire<AnalysisHead>;
  /** What it does, e.g. "Looking for unused privileges". */
  readonly what: string;
  readonly mayCancel: boolean;
}) {
  const router = useRouter();
  const [head, setHead] = useState(analysis);
  const [error, setError] = useState<string | null>(null);
  const url = `/api/analyses/${analysis.id}`;
  const { ask } = useAnswer<Answer>({
    key: url,
    read: (signal) => send("GET", url, undefined, signal),
    topics: [],
    anywayMs: POLL_MS,
    onAnswer: ({ analysis: next }) => {
      setHead(next);
      if (!isPending(next)) router.refresh();
    },
  });

  async function cancel() {
    const sent = await send("DELETE", url);
    setError(sent.ok ? null : errorText(sent.error));
    ask();
  }

  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className="min-w-0 flex-1 text-sm">
          {what}
          {head.state === "queued" ? ": waiting for a console to begin" : head.step === null ? "" : `: ${head.step}`}
        </p>
        {mayCancel ? (
          <Button pending={head.cancelRequestedAt !== null} onClick={() => void cancel()}>
            Cancel
          </Button>
        ) : null}
      </div>
      <progress aria-label={what} value={head.progress} max={1} className="h-1.5 w-full accent-accent" />
      {error === null ? null : (
        <p role="alert" className="text-danger text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
