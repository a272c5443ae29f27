"use client";

import { send } from "@/components/ui/send";
import type { LiveTopic } from "@/lib/live/topics";
import { useAnswer } from "./use-answer";

/**
 * The JSON at `url`, asked again whenever the topics change, and now and then without a reason; null before the first answer.
 * Nothing is asked while the tab is hidden or `url` is null. When the console does not answer the header's live dot says so.
 */
export function useFresh<Answer>(
  url: string | null,
  topics: readonly LiveTopic[],
  onAnswer?: (answer: Answer) => void,
): Answer | null {
  return useAnswer<Answer>({ key: url, read: (signal) => send("GET", url ?? "", undefined, signal), topics, onAnswer })
    .answer;
}
