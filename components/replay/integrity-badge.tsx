"use client";

import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/components/ui/cn";
import { formatCount } from "@/components/ui/format-quantity";
import { Popover } from "@/components/ui/popover";
import { send } from "@/components/ui/send";
import { Skeleton } from "@/components/ui/skeleton";
import type { ReplayIntegrity } from "@/lib/recordings/replay-model";

const LOOKS = {
  proven: { label: "Proven", icon: ShieldCheck, style: "bg-ok-soft text-ok" },
  pending: { label: "Proof pending", icon: ShieldQuestion, style: "bg-warn-soft text-warn" },
  broken: { label: "Broken", icon: ShieldAlert, style: "bg-danger-soft text-danger" },
} as const satisfies Record<ReplayIntegrity["state"], unknown>;

/** Whether the session's records are as they were written; asked for when the replay is already there. */
export function IntegrityBadge({ sessionId }: { readonly sessionId: string }) {
  const [known, setKnown] = useState<ReplayIntegrity | "asking" | "failed">("asking");
  useEffect(() => {
    const stop = new AbortController();
    void send<ReplayIntegrity>("GET", `/api/sessions/${sessionId}/integrity`, undefined, stop.signal).then((sent) => {
      if (!stop.signal.aborted) setKnown(sent.ok ? sent.data : "failed");
    });
    return () => stop.abort();
  }, [sessionId]);
  if (known === "asking") return <Skeleton className="h-5 w-20" />;
  if (known === "failed") return <span className="text-faint text-xs">not verified</span>;
  const { label, icon: Icon, style } = LOOKS[known.state];
  return (
    <Popover
      title={
        known.state === "broken"
          ? "These records were changed"
          : known.state === "proven"
            ? "These records are as they were written"
            : "Not all of it can be proven yet"
      }
      trigger={
        <button
          type="button"
          aria-label={`Integrity: ${label}`}
          className={cn("inline-flex h-6 items-center gap-1 rounded px-1.5 font-medium text-xs", style)}
        >
          <Icon aria-hidden className="size-3.5" />
          {label}
        </button>
      }
    >
      <p>{EXPLAINED[known.state]}</p>
      {known.problem === null ? null : <p className="break-words text-danger">{known.problem}</p>}
      <p className="text-muted text-xs">
        {formatCount(known.checked)} records checked, in{" "}
        {known.chains.length === 1 ? "one chain" : `${known.chains.length} chains`}.
      </p>
      <ul className="flex flex-col text-muted text-xs">
        {known.chains.map((chain) => (
          <li key={chain.id} className="break-all font-mono">
            {chain.id} ({chain.kind.replaceAll("_", " ")})
          </li>
        ))}
      </ul>
    </Popover>
  );
}

const EXPLAINED: Readonly<Record<ReplayIntegrity["state"], string>> = {
  proven: "Every record of this session is covered by a signed batch, and none was changed, removed or added.",
  pending: "What was checked is as it was written. The latest records are not in a signed batch yet.",
  broken: "The signed chain and the store do not agree. What is shown here may not be what happened.",
};
