"use client";

import { type RefObject, useEffect, useReducer, useRef } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { send } from "@/components/ui/send";
import type { PendingFilter } from "@/lib/approvals/filter";
import { type QueueNews, type QueueRow, queueReducer, startingQueue } from "./queue-state";

/** How long the question waits after a change: a client waits too. */
const SOON_MS = 20;
/** What was settled elsewhere stands there this long, at least. */
const GREY_MS = 45_000;
const KNOWN = 500;

/** The queue of an open page, followed as it changes. Nothing moves while `still` says that somebody points at it. */
export function useQueue(
  first: { readonly rows: readonly QueueRow[]; readonly more: boolean },
  filter: PendingFilter,
  still: RefObject<boolean>,
) {
  const [state, dispatch] = useReducer(queueReducer, first, ({ rows, more }) => startingQueue(rows, more));
  const known = useRef<readonly string[]>([]);
  useEffect(() => {
    known.current = state.shown.filter((one) => one.settled === null).map((one) => one.row.id);
  }, [state.shown]);
  const { ask, error } = useAnswer<QueueNews>({
    key: JSON.stringify(filter),
    read: (signal) => send("POST", "/api/approvals/pending", { filter, known: known.current.slice(0, KNOWN) }, signal),
    topics: ["approvals"],
    pauseMs: SOON_MS,
    onAnswer: (news) => dispatch({ do: "news", news, still: still.current, at: Date.now() }),
  });
  const settled = state.shown.filter((one) => one.settled !== null).length;
  useEffect(() => {
    if (settled === 0) return;
    const timer = setInterval(() => {
      if (!still.current) dispatch({ do: "clear-settled" });
    }, GREY_MS);
    return () => clearInterval(timer);
  }, [settled, still]);
  return { state, dispatch, ask, error };
}
