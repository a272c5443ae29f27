"use client";

import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { Time } from "@/components/ui/time";
import type { LastTest } from "@/lib/connections/last-tests";
import { STEP_LABELS, TEST_STEPS } from "@/lib/connections/test/steps";

function stepLabel(step: string | null): string {
  const known = TEST_STEPS.find((one) => one === step);
  return known === undefined ? "the test was stopped" : STEP_LABELS[known].toLowerCase();
}

/** What the last test found, and when: nothing is claimed about now. */
export function Health({ lastTest }: { readonly lastTest: LastTest | null }) {
  if (lastTest === null) {
    return (
      <span className="inline-flex items-center gap-1.5 text-muted">
        <CircleDashed aria-hidden className="size-3.5 text-faint" />
        Not tested
      </span>
    );
  }
  const { ok, at, latencyMs, failedStep } = lastTest;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      {ok ? (
        <CircleCheck aria-hidden className="size-3.5 shrink-0 text-ok" />
      ) : (
        <CircleAlert aria-hidden className="size-3.5 shrink-0 text-danger" />
      )}
      <span className={ok ? undefined : "text-danger"}>
        {ok ? "Test passed" : `Test failed: ${stepLabel(failedStep)}`}
      </span>
      <span className="text-muted">
        {ok && latencyMs !== null ? `${latencyMs} ms, ` : ""}
        <Time value={at} />
      </span>
    </span>
  );
}
