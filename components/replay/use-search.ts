"use client";

import { useEffect, useState } from "react";
import { send } from "@/components/ui/send";

interface SearchAnswer {
  readonly matches: readonly { readonly statementId: string; readonly where: string }[];
  /** The whole recording was searched. */
  readonly complete: boolean;
}

export interface Search {
  /** Where in a statement the text was found, by its id. */
  readonly matches: ReadonlyMap<string, string>;
  readonly state: "off" | "searching" | "complete" | "partial" | "failed";
}

const TYPING_MS = 300;
const SHORTEST = 2;
const NOTHING: ReadonlyMap<string, string> = new Map();

/** Searches the recording: whole texts, parameters, rows and errors. */
export function useSearch(sessionId: string, text: string): Search {
  const [known, setKnown] = useState<Search & { readonly text: string }>();
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < SHORTEST) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const url = `/api/sessions/${sessionId}/replay/search?q=${encodeURIComponent(wanted)}`;
      const sent = await send<SearchAnswer>("GET", url, undefined, stop.signal);
      if (stop.signal.aborted) return;
      setKnown({
        text: wanted,
        matches: sent.ok ? new Map(sent.data.matches.map((one) => [one.statementId, one.where])) : NOTHING,
        state: !sent.ok ? "failed" : sent.data.complete ? "complete" : "partial",
      });
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [sessionId, wanted]);
  if (wanted.length < SHORTEST) return { matches: NOTHING, state: "off" };
  return known?.text === wanted ? known : { matches: NOTHING, state: "searching" };
}
