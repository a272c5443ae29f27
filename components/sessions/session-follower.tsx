"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFresh } from "@/components/live/use-fresh";
import { Button } from "@/components/ui/button";
import type { SessionState } from "@/lib/sessions/live-state";

interface LiveAnswer {
  readonly state: SessionState;
  readonly killRequestedAt: string | null;
  readonly newer: number;
}

/**
 * Keeps the page of a running session true: its state at once, its new statements as they come while "Follow" is on and the
 * page shows the newest ones; otherwise they are announced.
 */
export function SessionFollower({
  sessionId,
  state,
  newerThan,
  atEnd,
  endHref,
}: {
  readonly sessionId: string;
  readonly state: SessionState;
  /** The newest statement on the page. */
  readonly newerThan: string;
  /** Whether the page shows the session's newest statements. */
  readonly atEnd: boolean;
  /** Where they are shown. */
  readonly endHref: string;
}) {
  const router = useRouter();
  const [follow, setFollow] = useState(true);
  const answer = useFresh<LiveAnswer>(
    `/api/sessions/${sessionId}/live?after=${newerThan}`,
    ["statements", "sessions", "gateways"],
    (now) => {
      if (now.state !== state || (atEnd && follow && now.newer > 0)) router.refresh();
    },
  );
  const waiting = answer?.newer ?? 0;
  return (
    <span className="flex flex-1 flex-wrap items-center gap-3 pl-1 text-sm">
      {atEnd ? (
        <label className="flex min-h-6 items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={follow}
            onChange={(event) => setFollow(event.target.checked)}
          />
          Follow
        </label>
      ) : null}
      {waiting > 0 && !(atEnd && follow) ? (
        <Button size="sm" onClick={() => (atEnd ? router.refresh() : router.push(endHref))}>
          {waiting} new {waiting === 1 ? "statement" : "statements"}
        </Button>
      ) : null}
    </span>
  );
}
