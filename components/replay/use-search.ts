"use client";

import { useEffect, useState } from "react";
import { send } from "@/components/ui/send";
import { MATCH_PLACES, type ReplayMatch, type ReplaySearch } from "@/lib/recordings/replay-model";

export interface Search {
  /** Where in a statement the text was found, by its id; of several places, the one that its text does not show: a value, then its error. */
  readonly matches: ReadonlyMap<string, ReplayMatch>;
  readonly state: "off" | "searching" | "complete" | "partial" | "failed";
}

const TYPING_MS = 300;
const SHORTEST = 2;
const NOTHING: ReadonlyMap<string, ReplayMatch> = new Map();

/** Searches the recording: whole texts, values and errors. */
export function useSearch(sessionId: string, text: string): Search {
  const [known, setKnown] = useState<Search & { readonly text: string }>();
  const wanted = text.trim();
  useEffect(() => {
    if (wanted.length < SHORTEST) return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      const url = `/api/sessions/${sessionId}/replay/search?q=${encodeURIComponent(wanted)}`;
      const sent = await send<ReplaySearch>("GET", url, undefined, stop.signal);
      if (stop.signal.aborted) return;
      setKnown({
        text: wanted,
        matches: sent.ok ? byStatement(sent.data.matches) : NOTHING,
        state: !sent.ok ? "failed" : sent.data.stoppedUs === null ? "complete" : "partial",
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

function byStatement(matches: readonly ReplayMatch[]): ReadonlyMap<string, ReplayMatch> {
  const found = new Map<string, ReplayMatch>();
  for (const match of matches) {
    const known = found.get(match.statementId);
    if (known === undefined || telling(match) > telling(known)) found.set(match.statementId, match);
  }
  return found;
}

function telling({ where }: ReplayMatch): number {
  return MATCH_PLACES.indexOf(where);
}
