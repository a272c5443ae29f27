"use client";

import { ArrowUp, WifiOff } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useState } from "react";
import { Button } from "./button";
import { Time } from "./time";

/**
 * Asks `url` for the answer every `everyMs` while the page is looked at. Returns the last answer, and since when there has been none.
 * A slow answer delays the next question, so that a struggling server is not asked more.
 */
export function usePolled<Answer>(
  url: string | null,
  everyMs: number,
  onAnswer?: (answer: Answer) => void,
): { readonly answer: Answer | null; readonly lostSince: number | null } {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [lostSince, setLostSince] = useState<number | null>(null);
  const report = useEffectEvent((value: Answer) => onAnswer?.(value));

  useEffect(() => {
    setAnswer(null);
    if (url === null) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    async function ask(from: string) {
      if (document.visibilityState === "visible") {
        try {
          const response = await fetch(from, { signal: stop.signal, headers: { accept: "application/json" } });
          if (!response.ok) throw new Error(String(response.status));
          const value: Answer = await response.json();
          setAnswer(value);
          setLostSince(null);
          report(value);
        } catch {
          if (stop.signal.aborted) return;
          setLostSince((since) => since ?? Date.now());
        }
      }
      timer = setTimeout(() => void ask(from), everyMs);
    }
    timer = setTimeout(() => void ask(url), everyMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [url, everyMs]);

  return { answer, lostSince };
}

/** Says since when a page has had no news. */
export function LostSince({ since }: { readonly since: number | null }) {
  return since === null ? null : (
    <span role="status" className="inline-flex items-center gap-1.5 text-warn text-xs">
      <WifiOff aria-hidden className="size-3.5" />
      No news from the server since <Time value={since} mode="absolute" />
    </span>
  );
}

/** "3 new statements": rows are announced, and shown only when asked for, so that nothing moves under the pointer. */
export function NewRowsButton({
  count,
  atMost,
  noun,
}: {
  readonly count: number;
  /** The count stops here, and says "or more". */
  readonly atMost?: number;
  readonly noun: { readonly one: string; readonly many: string };
}) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  if (count === 0) return <span role="status" className="sr-only" />;
  const number = atMost !== undefined && count >= atMost ? `${atMost} or more` : String(count);
  return (
    <span role="status">
      <Button
        variant="secondary"
        size="sm"
        className="border-accent text-accent-text"
        onClick={() => {
          const first = new URLSearchParams(params);
          first.delete("cursor");
          router.push(`${pathname}?${first}`);
          router.refresh();
        }}
      >
        <ArrowUp aria-hidden />
        {number} new {count === 1 ? noun.one : noun.many}
      </Button>
    </span>
  );
}
