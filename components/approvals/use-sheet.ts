"use client";

import { useState } from "react";
import { useAnswer } from "@/components/live/use-answer";
import { send } from "@/components/ui/send";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Wire } from "@/lib/http/wire";
import { useLook } from "./use-look";

/** How long the question waits after a change: a decision of somebody else should be seen at once. */
const SOON_MS = 50;

/** A request as it is now, followed while it is open; `first` is what the page brought along. Others see that this person looks at it. */
export function useSheet(id: string, first: Wire<ReviewSheet> | null) {
  const [offset, setOffset] = useState(0);
  useLook(id);
  const url = `/api/approvals/${id}`;
  const { answer, error, ask } = useAnswer<Wire<ReviewSheet>>({
    key: url,
    read: (signal) => send("GET", url, undefined, signal),
    topics: ["approvals"],
    atOnce: first === null,
    pauseMs: SOON_MS,
    onAnswer: ({ now }) => setOffset(new Date(now).getTime() - Date.now()),
  });
  return { sheet: answer ?? first, error, ask, offset };
}
