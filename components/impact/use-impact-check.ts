"use client";

import { useEffect, useState } from "react";
import { confirmationFor, saysSo } from "@/lib/policy/impact/confirmation";
import type { Impact } from "./use-impact";

/** Asked about before a publication where nobody chose a period. */
const DAYS = 7;

export interface ImpactCheck {
  readonly onlyNarrows: boolean;
  /** Its impact is not known yet, and may be in a moment. */
  readonly waiting: boolean;
  /** What has to be typed; null: nothing. */
  readonly words: string | null;
  readonly typed: string;
  readonly setTyped: (text: string) => void;
  /** Whether the draft may be published now. */
  readonly ready: boolean;
  /** What the verb is given beside the change. */
  readonly confirmation: { readonly confirmation?: string };
}

/**
 * What publishing a draft needs: its impact known, or words. Starts the impact by itself while `active`. `observes`: the draft makes its
 * connection observe. The server checks the same again; this is for people to see it first.
 */
export function useImpactCheck(impact: Impact, active: boolean, onlyNarrows: boolean, observes = false): ImpactCheck {
  const [typed, setTyped] = useState("");
  const { run, outdated, recall } = impact;
  const unasked = run.kind === "none" || outdated;
  useEffect(() => {
    if (active && unasked) recall(DAYS);
  }, [active, unasked, recall]);
  useEffect(() => {
    if (!active) setTyped("");
  }, [active]);
  const waiting = !onlyNarrows && (unasked || run.kind === "running");
  const words = onlyNarrows || waiting ? null : confirmationFor(run.kind === "done" ? run.result : null, observes);
  return {
    onlyNarrows,
    waiting,
    words,
    typed,
    setTyped,
    ready: !waiting && (words === null || saysSo(typed, words)),
    confirmation: words === null ? {} : { confirmation: typed },
  };
}
