"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Exemptions } from "@/components/masks/masking-facts";
import { EffectBadge } from "@/components/policies/effect-badge";
import { useShell } from "@/components/shell/shell-context";
import { Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { ReplayStatement, StatementReplay } from "@/lib/recordings/replay-model";
import { isWaiting } from "@/lib/recordings/timeline/marks";
import { stopwatch } from "@/lib/recordings/timeline/words";
import { onlyObserved } from "@/lib/statements/only-observed";
import { InspectorApproval } from "./inspector-approval";
import { useLoaded } from "./stage";
import { usePlayer, useReplay } from "./use-player";

export const INSPECTOR_LINK = "inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline";

/** What is known about the statement at the playhead beside what the client saw. */
export function Inspector() {
  const { replay } = useReplay();
  const index = usePlayer((state) => state.index);
  const statement = replay.statements[index];
  const loaded = useLoaded(statement?.id);
  const { pages } = useShell();
  if (statement === undefined)
    return <aside aria-label="Inspector" className="hidden rounded-lg border bg-surface xl:block" />;
  const approval = replay.approvals.find((one) => one.id === statement.approvalId);
  const { session } = replay;
  return (
    <aside
      aria-label="Inspector"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable)
      tabIndex={0}
      className="flex min-w-0 flex-col gap-4 overflow-y-auto rounded-lg border bg-surface p-3 outline-offset-[-2px] md:col-span-2 xl:col-span-1"
    >
      <Part title="Decision">
        {loaded?.at === "done" ? (
          <Decision statement={statement} full={loaded.replay} />
        ) : loaded?.at === "failed" ? (
          <p className="text-muted">It could not be read.</p>
        ) : (
          <Skeleton className="h-12" />
        )}
      </Part>
      {approval === undefined ? null : (
        <Part title="Approval">
          <InspectorApproval approval={approval} />
        </Part>
      )}
      <Part title="Timings">
        <Timings
          statement={statement}
          firstByteUs={loaded?.at === "done" ? loaded.replay.firstByteUs : null}
          startedAt={session.startedAt}
        />
      </Part>
      <Part title="More">
        <p className="flex flex-wrap gap-x-3">
          {isWaiting(statement) ? null : (
            <Link className={INSPECTOR_LINK} href={`/statements/${statement.id}`}>
              The statement’s record
            </Link>
          )}
          {pages.some((page) => page.path === "/identities") ? (
            <Link className={INSPECTOR_LINK} href={`/identities/${session.identityId}`}>
              {session.identityName}
            </Link>
          ) : null}
        </p>
        <CopyId value={statement.id} short />
      </Part>
    </aside>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1.5 text-sm">
      <h3 className="font-medium text-faint text-xs">{title}</h3>
      {children}
    </section>
  );
}

function Decision({ statement, full }: { readonly statement: ReplayStatement; readonly full: StatementReplay }) {
  const { effect, policyName, ruleName, reason, exempt } = full.decision;
  if (effect === null) return <p className="text-muted">It needed no decision.</p>;
  return (
    <>
      <p>
        <EffectBadge effect={effect} />
      </p>
      {reason === null ? null : <p className="break-words first-letter:uppercase">{reason}</p>}
      {onlyObserved(statement) ? (
        <p className="text-warn text-xs">It ran all the same: the connection only observed at that time.</p>
      ) : null}
      {policyName === null ? null : (
        <p className="flex min-w-0 flex-wrap gap-x-3 text-xs">
          <Link className={INSPECTOR_LINK} href={`/policies/${encodeURIComponent(policyName)}`}>
            Policy {policyName}
          </Link>
          {ruleName === null ? (
            <span className="text-muted leading-6">its default</span>
          ) : (
            <span className="break-words text-muted leading-6">rule {ruleName}</span>
          )}
        </p>
      )}
      {statement.maskedRows === 0 ? null : (
        <p className="text-muted text-xs">Values were hidden in {formatCount(statement.maskedRows)} rows.</p>
      )}
      <Exemptions exempt={exempt} />
    </>
  );
}

function Timings({
  statement,
  firstByteUs,
  startedAt,
}: {
  readonly statement: ReplayStatement;
  readonly firstByteUs: number | null;
  readonly startedAt: number;
}) {
  const { atUs, waitedUs, durationUs } = statement;
  const running = statement.state === "running";
  const span = (us: number) => formatDuration(us / 1000);
  return (
    <Facts
      className="grid-cols-[4.5rem_1fr] text-xs"
      items={[
        { key: "at", name: "Arrived", value: <span className="font-mono text-xs">{stopwatch(atUs)}</span> },
        { key: "clock", name: "Time", value: <Time value={startedAt + atUs / 1000} mode="absolute" /> },
        {
          key: "waited",
          name: "Waited",
          value: waitedUs !== null ? span(waitedUs) : isWaiting(statement) ? "still does" : "never went upstream",
        },
        ...(waitedUs === null || running
          ? []
          : [{ key: "ran", name: "Ran", value: span(Math.max(0, durationUs - waitedUs)) }]),
        {
          key: "first",
          name: "First byte",
          value: firstByteUs === null ? (running ? "none yet" : "not recorded") : `after ${span(firstByteUs - atUs)}`,
        },
        {
          key: "all",
          name: "In all",
          value: running && durationUs === 0 ? "not ended" : `${span(durationUs)}${running ? " so far" : ""}`,
        },
      ]}
    />
  );
}
