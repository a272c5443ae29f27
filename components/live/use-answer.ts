"use client";

import { useCallback, useEffect, useEffectEvent, useRef, useState } from "react";
import { useLive } from "@/components/shell/live";
import type { Sent } from "@/components/ui/send";
import type { ErrorBody } from "@/lib/http/error-body";
import type { LiveTopic } from "@/lib/live/topics";

/** After a change the question waits this long, for what else changes with it. */
const PAUSE_MS = 200;
/** What changes without an event (a gateway that falls silent) is noticed after this long. */
const ANYWAY_MS = 5_000;

export interface Question<Answer> {
  /** What is asked; another key is another question. Null: nothing is asked. */
  readonly key: string | null;
  readonly read: (signal: AbortSignal) => Promise<Sent<Answer>>;
  readonly topics: readonly LiveTopic[];
  readonly onAnswer?: ((answer: Answer) => void) | undefined;
  /** Ask now, not only after the first change: for what the page did not bring along. */
  readonly atOnce?: boolean;
  readonly pauseMs?: number;
  readonly anywayMs?: number;
  /** Ask while the tab is hidden too. */
  readonly whileHidden?: boolean;
}

export interface Answered<Answer> {
  /** Null before the first answer to this question. */
  readonly answer: Answer | null;
  /** Why the last question had no answer. */
  readonly error: ErrorBody | null;
  /** Asks again without waiting. */
  readonly ask: () => void;
}

/** The answer to a question, asked again whenever the topics change, and now and then without a reason. A slow answer delays the next question. */
export function useAnswer<Answer>(question: Question<Answer>): Answered<Answer> {
  const { key, topics, atOnce = false, pauseMs = PAUSE_MS, anywayMs = ANYWAY_MS, whileHidden = false } = question;
  const [known, setKnown] = useState<{
    readonly key: string;
    readonly sent: Sent<Answer>;
    readonly last: Answer | null;
  }>();
  const read = useEffectEvent((signal: AbortSignal) => question.read(signal));
  const report = useEffectEvent((answer: Answer) => question.onAnswer?.(answer));
  const soon = useRef<(pause: number) => void>(() => undefined);
  useLive(topics, () => soon.current(pauseMs));

  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    let timer = setTimeout(ask, atOnce ? 0 : anywayMs);
    let asking = false;
    let again = false;
    async function ask() {
      asking = true;
      again = false;
      if (whileHidden || document.visibilityState === "visible") await put();
      asking = false;
      if (!stop.signal.aborted) timer = setTimeout(ask, again ? pauseMs : anywayMs);
    }
    async function put() {
      const sent = await read(stop.signal);
      if (stop.signal.aborted || key === null) return;
      setKnown((before) => ({
        key,
        sent,
        last: sent.ok ? sent.data : before?.key === key ? before.last : null,
      }));
      if (sent.ok) report(sent.data);
    }
    soon.current = (pause) => {
      again = true;
      if (asking) return;
      clearTimeout(timer);
      timer = setTimeout(ask, pause);
    };
    const onVisible = () => {
      if (document.visibilityState === "visible") soon.current(0);
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      soon.current = () => undefined;
      document.removeEventListener("visibilitychange", onVisible);
      clearTimeout(timer);
      stop.abort();
    };
  }, [key, atOnce, pauseMs, anywayMs, whileHidden]);

  const mine = known?.key === key ? known : undefined;
  return {
    answer: mine?.last ?? null,
    error: mine === undefined || mine.sent.ok ? null : mine.sent.error,
    ask: useCallback(() => soon.current(0), []),
  };
}
