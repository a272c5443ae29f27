"use client";

import { ShieldAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { errorText, send } from "@/components/ui/send";
import { Time } from "@/components/ui/time";
import type { ListedChains } from "@/lib/chain/list-chains";
import type { VerificationJob } from "@/lib/chain/verify/verification-job";
import type { Wire } from "@/lib/http/wire";
import { BrokenLinks } from "./broken-links";
import { ChainTable } from "./chain-table";

const URL_OF_JOB = "/api/record/verification";
const WHILE_RUNNING_MS = 500;
const ELSE_MS = 15_000;

type Job = { readonly job: Wire<VerificationJob> | null };

/** The record's chains, and whether they are as they were written: the console looks when somebody asks. */
export function RecordProof({ listed, job: known }: { readonly listed: Wire<ListedChains>; readonly job: Job["job"] }) {
  const [started, setStarted] = useState<Job["job"]>(known);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const running = started?.state === "running";
  const { ask } = useAnswer<Job>({
    key: URL_OF_JOB,
    read: (signal) => send("GET", URL_OF_JOB, undefined, signal),
    topics: [],
    anywayMs: running ? WHILE_RUNNING_MS : ELSE_MS,
    onAnswer: ({ job }) => setStarted(job),
  });

  async function tell(method: "POST" | "DELETE") {
    setPending(true);
    setError(null);
    const sent = await send<Job>(method, URL_OF_JOB, method === "POST" ? {} : undefined);
    setPending(false);
    if (sent.ok) setStarted(sent.data.job);
    else setError(errorText(sent.error));
    ask();
  }

  const { chains, open: opened, closed } = listed;
  return (
    <Card
      title="Proof of the record"
      description={`Chains of signed batches hold every event, statement and recording: ${formatCount(opened)} open, ${formatCount(closed)} closed.`}
      actions={
        <div className="flex w-full flex-wrap items-center gap-2 sm:w-auto">
          <Button variant="ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide chains" : "Show chains"}
          </Button>
          <Link href="/settings/keys" className="text-accent-text text-sm underline-offset-4 hover:underline">
            Public key
          </Link>
          {running ? (
            <Button pending={pending} onClick={() => void tell("DELETE")}>
              Cancel
            </Button>
          ) : (
            <Button variant="primary" pending={pending} onClick={() => void tell("POST")}>
              Verify now
            </Button>
          )}
        </div>
      }
    >
      <div className="flex flex-col gap-3">
        {error === null ? null : (
          <p role="alert" className="text-danger text-sm">
            {error}
          </p>
        )}
        <JobState job={started} />
        {open ? (
          chains.length === 0 ? (
            <EmptyState kind="first-use" title="No chain yet">
              The first record that is written opens one.
            </EmptyState>
          ) : (
            <ChainTable chains={chains} />
          )
        ) : null}
      </div>
    </Card>
  );
}

function JobState({ job }: { readonly job: Job["job"] }) {
  if (job === null) {
    return <p className="text-muted text-sm">Not verified by this console since it was started.</p>;
  }
  if (job.state === "running") return <Running job={job} />;
  if (job.state === "cancelled") {
    return (
      <p role="status" className="text-muted text-sm">
        {job.startedBy}’s verification was cancelled.
      </p>
    );
  }
  if (job.state === "failed" || job.result === null) {
    return (
      <p role="alert" className="text-danger text-sm">
        The verification could not be finished: the console’s log says why. Try again.
      </p>
    );
  }
  return <Result job={job} result={job.result} />;
}

function Running({ job }: { readonly job: Wire<VerificationJob> }) {
  const { items = 0, itemsDone = 0, problems = 0 } = job.progress ?? {};
  const share = items === 0 ? 0 : Math.min(1, itemsDone / items);
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="text-sm">
        {job.startedBy} is verifying: {formatCount(itemsDone)} of {formatCount(items)} records
        {problems > 0 ? <span className="text-danger">, {formatCount(problems)} broken</span> : null}
      </p>
      <progress aria-label="Verification" value={share} max={1} className="h-1.5 w-full accent-accent" />
    </div>
  );
}

function Result({
  job,
  result,
}: {
  readonly job: Wire<VerificationJob>;
  readonly result: NonNullable<Wire<VerificationJob>["result"]>;
}) {
  const { counts } = result;
  const also = [
    ...(result.scope.recordings ? [] : ["the bytes of recordings were not read"]),
    ...(counts.removedChunks > 0 ? [`${formatCount(counts.removedChunks)} recordings removed by retention`] : []),
    ...(counts.running > 0 ? [`${formatCount(counts.running)} statements without an outcome yet`] : []),
    ...(counts.before > 0 ? [`${formatCount(counts.before)} records from before proofs existed, not proven`] : []),
  ];
  return (
    <div className="flex flex-col gap-2">
      <p role="status" className="flex items-center gap-2 font-medium text-sm">
        {result.proven ? (
          <ShieldCheck aria-hidden className="size-4 shrink-0 text-ok" />
        ) : (
          <ShieldAlert aria-hidden className="size-4 shrink-0 text-danger" />
        )}
        {result.proven
          ? "Proven: the record is as it was written."
          : `Broken: ${formatCount(result.problemCount)} ${result.problemCount === 1 ? "link" : "links"}.`}
      </p>
      <p className="text-muted text-sm">
        {formatCount(counts.auditEvents)} audit events, {formatCount(counts.statements)} statements and{" "}
        {formatCount(counts.chunks)} recording chunks in {formatCount(counts.batches)} batches, checked by{" "}
        {job.startedBy} <Time value={result.at} /> in {(result.tookMs / 1000).toFixed(1)} s
        {also.length === 0 ? "." : `; ${also.join("; ")}.`}
      </p>
      {result.proven ? null : <BrokenLinks problems={result.problems} count={result.problemCount} />}
    </div>
  );
}
