"use client";

import { useEffect, useRef, useState } from "react";
import { send } from "@/components/ui/send";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Simulation } from "@/lib/policy/simulate";

const TYPING_MS = 400;

/** What the server answered, as JSON carries it; `stale` while a newer question is on its way. */
export interface Trial {
  readonly answer: Pick<Simulation, "result" | "policies" | "connection"> | null;
  readonly error: ErrorBody | null;
  readonly pending: boolean;
  /** Asks at once instead of after the pause of typing. */
  readonly now: () => void;
}

/** Asks what a statement would meet, whenever the question rests for a moment. Null asks nothing. */
export function useTrial(question: object | null): Trial {
  const [state, setState] = useState<Omit<Trial, "now">>({ answer: null, error: null, pending: false });
  const text = question === null ? null : JSON.stringify(question);
  const ask = useRef<() => void>(() => undefined);

  useEffect(() => {
    if (text === null) {
      setState({ answer: null, error: null, pending: false });
      return;
    }
    let current = true;
    let asked = false;
    setState((before) => ({ ...before, pending: true }));
    async function run() {
      if (asked) return;
      asked = true;
      const result = await send<NonNullable<Trial["answer"]>>("POST", "/api/policies/try", JSON.parse(text ?? "null"));
      if (!current) return;
      setState(
        result.ok
          ? { answer: result.data, error: null, pending: false }
          : { answer: null, error: result.error, pending: false },
      );
    }
    const timer = setTimeout(run, TYPING_MS);
    ask.current = () => {
      clearTimeout(timer);
      void run();
    };
    return () => {
      current = false;
      ask.current = () => undefined;
      clearTimeout(timer);
    };
  }, [text]);

  return { ...state, now: () => ask.current() };
}
