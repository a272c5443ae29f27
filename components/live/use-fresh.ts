"use client";

import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useLive } from "@/components/shell/live";
import type { LiveTopic } from "@/lib/live/topics";

/** After a change the question waits this long, for what else changes with it. */
const PAUSE_MS = 200;
/** What changes without an event (a gateway that falls silent) is noticed after this long. */
const ANYWAY_MS = 5_000;

/**
 * The JSON at `url`, asked again whenever the topics change, and now and then without a reason; null before the first answer.
 * Nothing is asked while the tab is hidden or `url` is null. A slow answer delays the next question.
 */
export function useFresh<Answer>(
  url: string | null,
  topics: readonly LiveTopic[],
  onAnswer?: (answer: Answer) => void,
): Answer | null {
  const [known, setKnown] = useState<{ readonly url: string; readonly answer: Answer } | null>(null);
  const report = useEffectEvent((answer: Answer) => onAnswer?.(answer));
  const changed = useRef<() => void>(() => undefined);
  useLive(topics, () => changed.current());

  useEffect(() => {
    if (url === null) return;
    const stop = new AbortController();
    let timer = setTimeout(ask, ANYWAY_MS);
    let asking = false;
    let again = false;
    const from = url;
    async function read(address: string) {
      const response = await fetch(address, { signal: stop.signal });
      if (!response.ok) return;
      const answer: Answer = await response.json();
      setKnown({ url: address, answer });
      report(answer);
    }
    async function ask() {
      asking = true;
      again = false;
      try {
        if (document.visibilityState === "visible") await read(from);
      } catch {
        // Aborted, or the console does not answer: the header's live dot says so, and since when.
      }
      asking = false;
      if (!stop.signal.aborted) timer = setTimeout(ask, again ? PAUSE_MS : ANYWAY_MS);
    }
    changed.current = () => {
      again = true;
      if (asking) return;
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE_MS);
    };
    return () => {
      changed.current = () => undefined;
      clearTimeout(timer);
      stop.abort();
    };
  }, [url]);

  return known?.url === url ? (known?.answer ?? null) : null;
}
