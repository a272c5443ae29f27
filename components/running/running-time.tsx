"use client";

import { formatDuration } from "@/components/ui/format-time";
import { useSecond } from "@/components/ui/time";

/** How long a statement has run; it counts on by itself. */
export function RunningTime({ since, over }: { readonly since: number | null; readonly over: boolean }) {
  const now = useSecond();
  if (since === null || over) return <span className="text-faint">–</span>;
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return <>{seconds < 1 ? "under 1 s" : formatDuration(seconds * 1000)}</>;
}
