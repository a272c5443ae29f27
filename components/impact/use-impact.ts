"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { errorText, send } from "@/components/ui/send";
import type { AnalysisHead } from "@/lib/analyses/read";
import type { ErrorBody } from "@/lib/http/error-body";
import type { Wire } from "@/lib/http/wire";
import type { KnownImpact } from "@/lib/impact/known-impact";
import type { ImpactDays, ImpactDraft } from "@/lib/policy/impact/draft";
import type { ImpactResult } from "@/lib/policy/impact/model";

const FIRST_POLL_MS = 150;
const SLOWEST_POLL_MS = 1_000;

/** How far the impact of one draft is. `key`: the draft's. */
export type ImpactRun =
  | { readonly kind: "none" }
  | {
      readonly kind: "running";
      readonly key: string;
      readonly days: number | null;
      /** Null until it is queued. */
      readonly id: string | null;
      readonly progress: number;
      readonly step: string | null;
      readonly stopping: boolean;
    }
  | {
      readonly kind: "done";
      readonly key: string;
      readonly connection: string;
      readonly days: number;
      readonly result: ImpactResult;
      readonly endedAt: Date | string | null;
    }
  | { readonly kind: "cancelled"; readonly key: string }
  | { readonly kind: "failed"; readonly key: string; readonly error: string };

export interface Impact {
  readonly run: ImpactRun;
  /** The run belongs to another draft than the one on the page. */
  readonly outdated: boolean;
  /** Puts the draft to the last days; what runs for an earlier draft is cancelled. */
  readonly start: (days: ImpactDays) => void;
  /** Shows what is known of exactly this draft, else starts it. Harmless while it runs, or when it is there. */
  readonly recall: (days: ImpactDays) => void;
  readonly cancel: () => void;
  /** Forgets it: the draft is published. */
  readonly forget: () => void;
  /** Forgets it when publishing was refused for want of other words: what the draft is compared with has changed meanwhile. */
  readonly refused: (error: ErrorBody) => void;
}

const NONE: ImpactRun = { kind: "none" };

/** The impact of the draft on the page: asked for, followed and cancelled in one place. Null: there is no draft that could be asked about. */
export function useImpact(draft: ImpactDraft | null): Impact {
  const [run, setRun] = useState<ImpactRun>(NONE);
  const key = draft === null ? null : JSON.stringify(draft);
  const follow = useRef<AbortController | null>(null);
  /** Of the analysis that is followed, to cancel it. */
  const followed = useRef<string | null>(null);
  const latest = useRef({ run, key });
  useEffect(() => {
    latest.current = { run, key };
  });
  useEffect(() => () => follow.current?.abort(), []);

  const begin = useCallback((days: ImpactDays, recalling: boolean) => {
    const asked = latest.current.key;
    if (asked === null) return;
    follow.current?.abort();
    if (followed.current !== null) void send("DELETE", `/api/analyses/${followed.current}`);
    followed.current = null;
    const stop = new AbortController();
    follow.current = stop;
    const show = (next: ImpactRun) => {
      if (stop.signal.aborted) return;
      if (next.kind !== "running") followed.current = null;
      setRun(next);
    };
    show({ kind: "running", key: asked, days, id: null, progress: 0, step: null, stopping: false });
    void ask({ key: asked, days, recalling, signal: stop.signal, show, onQueued: (id) => (followed.current = id) });
  }, []);

  const forget = useCallback(() => {
    follow.current?.abort();
    if (followed.current !== null) void send("DELETE", `/api/analyses/${followed.current}`);
    followed.current = null;
    setRun(NONE);
  }, []);

  return useMemo(() => {
    const outdated = run.kind !== "none" && run.key !== key;
    return {
      run,
      outdated,
      start: (days: ImpactDays) => begin(days, false),
      recall: (days: ImpactDays) => {
        const { run: now, key: wanted } = latest.current;
        const mine = now.kind !== "none" && now.key === wanted;
        if (!mine || (now.kind !== "running" && now.kind !== "done")) begin(days, true);
      },
      cancel: () => {
        const id = followed.current;
        if (id === null) return;
        setRun((now) => (now.kind === "running" ? { ...now, stopping: true } : now));
        void send("DELETE", `/api/analyses/${id}`);
      },
      forget,
      refused: (error: ErrorBody) => {
        if (error.problems.some(({ path }) => path === "confirmation")) forget();
      },
    };
  }, [run, key, begin, forget]);
}

interface Question {
  readonly key: string;
  readonly days: ImpactDays;
  /** Whether an impact that is known already will do. */
  readonly recalling: boolean;
  readonly signal: AbortSignal;
  readonly show: (run: ImpactRun) => void;
  readonly onQueued: (id: string) => void;
}

async function ask({ key, days, recalling, signal, show, onQueued }: Question): Promise<void> {
  const draft: ImpactDraft = JSON.parse(key);
  if (recalling) {
    const answer = await send<Wire<{ known: KnownImpact | null }>>("POST", "/api/policies/impact/known", draft, signal);
    const known = answer.ok ? answer.data.known : null;
    if (known !== null) {
      const { days: period, result, endedAt } = known;
      show({ kind: "done", key, connection: draft.connection, days: period, result, endedAt });
      return;
    }
  }
  const queued = await send<{ id: string }>("POST", "/api/policies/impact", { ...draft, days }, signal);
  if (!queued.ok) {
    show({ kind: "failed", key, error: errorText(queued.error) });
    return;
  }
  const { id } = queued.data;
  if (signal.aborted) {
    // Nobody waits for it any more: the page asked something else meanwhile.
    void send("DELETE", `/api/analyses/${id}`);
    return;
  }
  onQueued(id);
  for (let wait = FIRST_POLL_MS; !signal.aborted; wait = Math.min(wait * 1.5, SLOWEST_POLL_MS)) {
    const head = await send<{ analysis: Wire<AnalysisHead> }>("GET", `/api/analyses/${id}`, undefined, signal);
    if (head.ok) {
      const { state, progress, step, cancelRequestedAt, error } = head.data.analysis;
      if (state === "done") return show(await finished(id, draft, key, days, signal));
      if (state === "cancelled") return show({ kind: "cancelled", key });
      if (state === "failed") return show({ kind: "failed", key, error: error ?? "It failed; start it again" });
      show({ kind: "running", key, days, id, progress, step, stopping: cancelRequestedAt !== null });
    } else if (head.error.code !== "UNAVAILABLE") {
      return show({ kind: "failed", key, error: errorText(head.error) });
    }
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

async function finished(
  id: string,
  { connection }: ImpactDraft,
  key: string,
  days: number,
  signal: AbortSignal,
): Promise<ImpactRun> {
  const got = await send<{ analysis: Wire<AnalysisHead>; result: ImpactResult | null }>(
    "GET",
    `/api/policies/impact/${id}`,
    undefined,
    signal,
  );
  if (!got.ok) return { kind: "failed", key, error: errorText(got.error) };
  const { analysis, result } = got.data;
  if (result === null) return { kind: "failed", key, error: "Its result is gone; start it again" };
  return { kind: "done", key, connection, days, result, endedAt: analysis.endedAt };
}
