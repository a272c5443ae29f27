"use client";

import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, TriangleAlert } from "lucide-react";
import { Facts } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { CopyId } from "@/components/ui/copy-button";
import { Time } from "@/components/ui/time";
import {
  type CertificateSummary,
  STEP_LABELS,
  type StepResult,
  type StepStatus,
  TEST_STEPS,
  type TestStep,
} from "@/lib/connections/test/steps";
import type { TestState } from "./use-connection-test";

const LOOK: Readonly<Record<StepStatus, { icon: typeof CircleCheck; tone: string; word: string }>> = {
  ok: { icon: CircleCheck, tone: "text-ok", word: "passed" },
  warning: { icon: TriangleAlert, tone: "text-warn", word: "warning" },
  failed: { icon: CircleAlert, tone: "text-danger", word: "failed" },
  skipped: { icon: CircleDashed, tone: "text-faint", word: "skipped" },
};

/** The steps of a connection test: those done with what they found, the running one, and those to come. */
export function TestSteps({
  state,
  steps = TEST_STEPS,
}: {
  readonly state: TestState;
  /** Those of the test that runs, in order. */
  readonly steps?: readonly TestStep[];
}) {
  const { running, results, error } = state;
  return (
    <div className="flex flex-col gap-3">
      {error === null ? null : (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
          {error.message}. {error.problems.map((one) => one.message).join(". ")} {error.next ?? ""}
        </p>
      )}
      {running || results.length > 0 ? (
        <ol aria-label="Steps of the test" aria-busy={running} className="flex flex-col">
          {steps.map((step, at) => (
            <Step
              key={step}
              step={step}
              result={results.find((one) => one.step === step) ?? null}
              running={running && at === results.length}
              last={at === steps.length - 1}
            />
          ))}
        </ol>
      ) : null}
      <p aria-live="polite" className="sr-only">
        {verdict(state)}
      </p>
    </div>
  );
}

/** The outcome in one sentence; empty while nothing is known. */
export function verdict({ running, results }: TestState): string {
  if (running || results.length === 0) return "";
  const failed = results.find((one) => one.status === "failed");
  if (failed) return `The test failed at: ${STEP_LABELS[failed.step]}.`;
  const warnings = results.filter((one) => one.status === "warning").length;
  return warnings === 0
    ? "Every step passed."
    : `The connection works, with ${warnings} ${warnings === 1 ? "warning" : "warnings"}.`;
}

function Step({
  step,
  result,
  running,
  last,
}: {
  readonly step: TestStep;
  readonly result: StepResult | null;
  readonly running: boolean;
  readonly last: boolean;
}) {
  const look = result === null ? null : LOOK[result.status];
  const Icon = running ? LoaderCircle : (look?.icon ?? CircleDashed);
  return (
    <li className="grid grid-cols-[1.25rem_1fr] gap-x-2.5">
      <span className="flex flex-col items-center">
        <Icon
          aria-hidden
          className={cn(
            "mt-0.5 size-4 shrink-0",
            running ? "animate-spin text-accent-text" : (look?.tone ?? "text-faint"),
          )}
        />
        {last ? null : <span aria-hidden className="w-px flex-1 bg-line" />}
      </span>
      <div className="min-w-0 pb-3">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm">
          <span className={cn("font-medium", result?.status === "skipped" && "text-muted")}>{STEP_LABELS[step]}</span>
          {look === null ? null : <span className={cn("text-xs", look.tone)}>{look.word}</span>}
          {result !== null && result.status !== "skipped" ? (
            <span className="text-faint text-xs tabular-nums">{result.durationMs} ms</span>
          ) : null}
        </p>
        {result === null ? null : <Found result={result} />}
      </div>
    </li>
  );
}

function Found({ result }: { readonly result: StepResult }) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5 text-sm">
      <p className="break-words text-muted">{result.summary}</p>
      {result.remedy === null ? null : (
        <p className={cn("break-words", result.status === "failed" ? "text-fg" : "text-muted")}>
          {result.status === "failed" ? <strong className="font-medium">What to do: </strong> : null}
          {result.remedy}
        </p>
      )}
      {result.notes.length === 0 ? null : (
        <ul className="flex list-disc flex-col gap-1 pl-4 text-muted">
          {result.notes.map((note) => (
            <li key={note} className="break-words">
              {note}
            </li>
          ))}
        </ul>
      )}
      {result.certificate === null ? null : <Certificate certificate={result.certificate} />}
    </div>
  );
}

function Certificate({ certificate }: { readonly certificate: CertificateSummary }) {
  return (
    <details className="rounded-md border px-3 py-2">
      <summary className="cursor-pointer text-sm">Certificate of {certificate.subject}</summary>
      <Facts
        className="mt-2"
        items={[
          { key: "issuer", name: "Signed by", value: certificate.issuer },
          { key: "names", name: "Valid for", value: certificate.names || "no name" },
          { key: "to", name: "Valid until", value: <Time value={certificate.validTo} mode="both" /> },
          { key: "print", name: "SHA-256", value: <CopyId value={certificate.fingerprint} /> },
        ]}
      />
    </details>
  );
}
