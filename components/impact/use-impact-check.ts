"use client";

import { useEffect, useState } from "react";
import { confirmationFor, saysSo, type Unmeasured } from "@/lib/policy/impact/confirmation";
import { LONGEST_IMPACT } from "@/lib/policy/impact/draft";
import type { Impact } from "./use-impact";

/** Asked about before a publication where nobody chose a period. */
const DAYS = 7;

export interface ImpactCheck {
  readonly onlyNarrows: boolean;
  readonly loosens: boolean;
  readonly unseen: boolean;
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
 * What publishing a draft needs: its impact known, or words. Starts the impact by itself while `active`, and over the longest period where
 * nothing was recorded in a shorter one. The server checks the same again; this is for people to see it first.
 */
export function useImpactCheck(
  impact: Impact,
  active: boolean,
  onlyNarrows: boolean,
  { observes = false, loosens = false, unseen = false }: Unmeasured = {},
): ImpactCheck {
  const [typed, setTyped] = useState("");
  const { run, outdated, recall, start } = impact;
  const unasked = run.kind === "none" || outdated;
  const tooShort = !unasked && run.kind === "done" && run.result.statements === 0 && run.days < LONGEST_IMPACT;
  useEffect(() => {
    if (active && unasked) recall(DAYS);
    else if (active && tooShort) start(LONGEST_IMPACT);
  }, [active, unasked, tooShort, recall, start]);
  useEffect(() => {
    if (!active) setTyped("");
  }, [active]);
  const waiting = !onlyNarrows && (unasked || tooShort || run.kind === "running");
  const words =
    onlyNarrows || waiting
      ? null
      : confirmationFor(run.kind === "done" ? run.result : null, { observes, loosens, unseen });
  return {
    onlyNarrows,
    loosens,
    unseen,
    waiting,
    words,
    typed,
    setTyped,
    ready: !waiting && (words === null || saysSo(typed, words)),
    confirmation: words === null ? {} : { confirmation: typed },
  };
}
