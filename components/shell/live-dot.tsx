"use client";

import { cn } from "@/components/ui/cn";
import { absoluteTime } from "@/components/ui/format-time";
import { type LiveState, useLiveState } from "./live";

const LOOKS: Record<LiveState["kind"], { readonly label: string; readonly dot: string }> = {
  connecting: { label: "Connecting", dot: "border-2 border-faint" },
  live: { label: "Live", dot: "bg-ok" },
  reconnecting: { label: "Reconnecting", dot: "border-2 border-warn" },
  stopped: { label: "Not live", dot: "border-2 border-danger" },
};

/** Whether the page hears of changes as they happen; when not, since when. */
export function LiveDot() {
  const state = useLiveState();
  const { label, dot } = LOOKS[state.kind];
  const since = "since" in state ? ` since ${absoluteTime(state.since, "UTC").slice(11)} UTC` : "";
  return (
    <span role="status" title={`${label}${since}`} className="flex items-center gap-1.5 px-1 text-muted text-xs">
      <span aria-hidden className={cn("size-2 shrink-0 rounded-full", dot)} />
      <span className="max-sm:sr-only">
        {label}
        {since}
      </span>
    </span>
  );
}
