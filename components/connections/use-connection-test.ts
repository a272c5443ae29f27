"use client";

import { useEffect, useRef, useState } from "react";
import type { StepResult, TestLine } from "@/lib/connections/test/steps";
import type { ErrorBody } from "@/lib/http/error-body";

export interface TestState {
  readonly running: boolean;
  readonly results: readonly StepResult[];
  /** Why the test could not be made at all. */
  readonly error: Pick<ErrorBody, "message" | "next" | "problems"> | null;
}

const IDLE: TestState = { running: false, results: [], error: null };
const LOST = { message: "The console does not answer", next: "Check your connection and test again", problems: [] };

/** Runs connection tests and gives each step as it arrives. A new test, or leaving the page, ends the one before. */
export function useConnectionTest(url = "/api/connections/test"): {
  state: TestState;
  start: (body: object) => Promise<boolean>;
  reset: () => void;
} {
  const [state, setState] = useState<TestState>(IDLE);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function start(body: object): Promise<boolean> {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const results: StepResult[] = [];
    const show = (more: Partial<TestState>) => {
      if (running.current === controller) setState({ ...IDLE, results: [...results], ...more });
    };
    show({ running: true });
    let error: TestState["error"] = null;
    try {
      for await (const line of testLines(url, body, controller.signal)) {
        if (line.kind === "step") results.push(line.result);
        else error = { message: line.message, next: line.next, problems: [] };
        show({ running: true });
      }
    } catch (cause) {
      if (controller.signal.aborted) return false;
      error = cause instanceof Refused ? cause.body : LOST;
    }
    show({ error });
    return error === null && results.every((one) => one.status !== "failed");
  }

  function reset() {
    running.current?.abort();
    running.current = null;
    setState(IDLE);
  }

  return { state, start, reset };
}

class Refused extends Error {
  readonly body: ErrorBody;
  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}

/** The lines of a test's answer as they come. */
async function* testLines(url: string, body: object, signal: AbortSignal): AsyncGenerator<TestLine> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok || response.body === null) {
    // Route handlers answer failures with `{ error: ErrorBody }` (lib/auth/console-route.ts).
    throw new Refused(((await response.json()) as { error: ErrorBody }).error);
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      if (part !== "") yield JSON.parse(part) as TestLine;
    }
  }
}
