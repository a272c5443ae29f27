"use client";

import { Radio } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { SESSION_END_LABELS } from "@/lib/sessions/labels";
import { usePlayer, useReplay } from "./use-player";

/** For sessions that were live when they were opened: whether the playhead stays at the edge, what is new, and the end when it comes. */
export function LiveBar() {
  const { replay, player } = useReplay();
  const { live, endReason } = replay.session;
  const [wasLive] = useState(live);
  const following = usePlayer((state) => state.following);
  const last = replay.statements.length - 1;
  const [seen, setSeen] = useState(last);
  if (following && seen !== last) setSeen(last);
  if (!wasLive) return null;
  const fresh = last - seen;
  return (
    <div
      role="status"
      className="flex min-h-10 flex-wrap items-center gap-3 rounded-lg border bg-surface px-3 py-1.5 text-sm"
    >
      {live ? (
        <>
          <span className="flex items-center gap-2 font-medium text-ok">
            <Radio aria-hidden className="size-4" />
            {following ? "Following as it happens" : "Live; you are looking at an earlier moment"}
          </span>
          {following ? null : (
            <Button size="sm" onClick={() => player.follow()}>
              {fresh > 0 ? `${fresh} new, follow` : "Follow"}
            </Button>
          )}
        </>
      ) : (
        <span className="text-muted">The session has ended{endedBecause(endReason)}. This is its whole replay.</span>
      )}
    </div>
  );
}

function endedBecause(reason: string | null): string {
  const words = Object.entries(SESSION_END_LABELS).find(([name]) => name === reason)?.[1];
  return words === undefined ? "" : `: ${words.label.toLowerCase()}`;
}
