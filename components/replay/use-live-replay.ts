"use client";

import { useEffect, useEffectEvent, useState } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { send } from "@/components/ui/send";
import type { Replay } from "@/lib/recordings/replay-model";
import { isWaiting } from "@/lib/recordings/timeline/marks";
import { mergeReplay } from "@/lib/recordings/timeline/merge";
import type { Player } from "./player";
import type { StatementSource } from "./statement-source";

const EVERY_MS = 1000;
/** How often the gateway is told that somebody watches. */
const FOLLOW_EVERY_MS = 10_000;

/** The replay as it grows while its session lives; what changed is read again. */
export function useLiveReplay(first: Replay, player: Player, source: StatementSource): Replay {
  const [replay, setReplay] = useState(first);
  const { id, live } = replay.session;
  const take = (changes: Replay) => {
    const merged = mergeReplay(replay, changes);
    setReplay(merged);
    player.setReplay(merged);
    const shown = merged.statements[player.state().index];
    for (const changed of changes.statements) {
      const known = source.get(changed.id);
      // As long as its client waits for a reviewer, there is nothing new about a statement.
      const waits = isWaiting(changed) && known.at === "done" && isWaiting(known.replay.statement);
      if (known.at !== "loading" && !waits) source.renew(changed.id);
    }
    const known = shown === undefined ? null : source.get(shown.id);
    if (shown !== undefined && known?.at === "done" && known.replay.missing === "not_here_yet") source.renew(shown.id);
  };
  useAnswer<Replay>({
    key: live ? id : null,
    read: (signal) =>
      send("GET", `/api/sessions/${id}/replay?cursor=${encodeURIComponent(replay.cursor)}`, undefined, signal),
    topics: ["statements", "sessions", "approvals"],
    pauseMs: 200,
    anywayMs: EVERY_MS,
    onAnswer: take,
  });
  const tellGateway = useEffectEvent(() => {
    if (document.visibilityState === "visible") void send("POST", `/api/sessions/${id}/follow`, {});
  });
  useEffect(() => {
    if (!live) return;
    tellGateway();
    const timer = setInterval(tellGateway, FOLLOW_EVERY_MS);
    return () => clearInterval(timer);
  }, [live]);
  return replay;
}
