"use client";

import { parseAsString, useQueryState } from "nuqs";
import { type MouseEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { errorText, send } from "@/components/ui/send";
import { toast } from "@/components/ui/toaster";
import type { BulkDenied } from "@/lib/approvals/deny-many";
import type { PendingFilter } from "@/lib/approvals/filter";
import type { Settled } from "@/lib/approvals/what-became";
import { settledText } from "./approval-state-badge";
import { DenyDialog } from "./deny-dialog";
import { useQueueKeys } from "./queue-keys";
import { QueueRow as Row } from "./queue-row";
import type { QueueRow } from "./queue-state";
import { SheetPane } from "./sheet-pane";
import { useQueue } from "./use-queue";

/** From here on there is room for both panes (Tailwind's lg). */
const TWO_PANES = "(min-width: 64rem)";

export interface QueueProps {
  readonly rows: readonly QueueRow[];
  readonly more: boolean;
  readonly filter: PendingFilter;
  readonly decides: boolean;
  /** What stands there when nothing waits. */
  readonly empty: ReactNode;
}

/** The open requests and, beside them, the chosen one. A phone shows the list only: each request is a page there. */
export function Queue({ rows, more, filter, decides, empty }: QueueProps) {
  const pointing = useRef(false);
  const { state, dispatch, ask } = useQueue({ rows, more }, filter, pointing);
  const [chosenId, setChosen] = useQueryState("at", parseAsString.withOptions({ history: "replace" }));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [denying, setDenying] = useState(false);
  /** For screen readers: what the grey row shows. */
  const [said, setSaid] = useState<string | null>(null);
  const ids = state.shown.map((one) => one.row.id);
  // Without a choice the most urgent is shown; it stays that one when another comes before it.
  const [first, setFirst] = useState(ids[0] ?? null);
  if (first === null && ids[0] !== undefined) setFirst(ids[0]);
  const chosen = chosenId ?? first;
  const bulk = state.shown.filter((one) => one.settled === null && selected.has(one.row.id)).map((one) => one.row.id);

  const toggle = (id: string, on?: boolean) =>
    setSelected((before) => {
      const next = new Set(before);
      if (on ?? !next.has(id)) next.add(id);
      else next.delete(id);
      return next;
    });
  const canSelect = (id: string) =>
    state.shown.some((one) => one.row.id === id && one.settled === null && one.row.whyNot === null);
  useQueueKeys({
    ids,
    chosen,
    onChoose: (id) => void setChosen(id),
    onToggle: (id) => {
      if (decides && canSelect(id)) toggle(id);
    },
    onDeny: () => setDenying(true),
    bulk: bulk.length > 0,
  });

  function open(id: string, event: MouseEvent<HTMLElement>) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || !window.matchMedia(TWO_PANES).matches) return;
    event.preventDefault();
    void setChosen(id);
  }

  function settle(settled: Settled) {
    dispatch({ do: "settle", settled });
    setSaid(settledText(settled, settled.decidedById ?? ""));
    toggle(settled.id, false);
    const at = ids.indexOf(settled.id);
    const next = [...ids.slice(at + 1), ...ids.slice(0, at)].find((id) =>
      state.shown.some((one) => one.row.id === id && one.settled === null),
    );
    if (next !== undefined && settled.id === chosen) void setChosen(next);
  }

  async function denyAll(reason: string): Promise<string | null> {
    const sent = await send<BulkDenied>("POST", "/api/approvals/deny", { ids: bulk, reason });
    ask();
    if (!sent.ok) return errorText(sent.error);
    const { denied, refused } = sent.data;
    setSelected(new Set());
    if (denied.length > 0) toast.success(`${denied.length} denied`);
    if (refused.length > 0) {
      toast.error(`${refused.length} stayed as they were`, [...new Set(refused.map((one) => one.message))].join(". "));
    }
    return null;
  }

  if (state.shown.length === 0 && state.fresh.length === 0) {
    return <div className="rounded-lg border bg-surface">{empty}</div>;
  }
  const settledCount = state.shown.filter((one) => one.settled !== null).length;
  return (
    <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
      <section aria-label="Pending requests" className="min-w-0 rounded-lg border bg-surface lg:sticky lg:top-16">
        <div className="flex min-h-10 flex-wrap items-center gap-2 border-b px-3 py-1.5 text-muted text-sm">
          <span role="status" className="flex items-center gap-2">
            {state.shown.length - settledCount} {state.more ? "or more " : ""}pending
            {said === null ? null : <span className="sr-only">{said}</span>}
            {state.fresh.length === 0 ? null : (
              <Button
                size="sm"
                className="border-accent text-accent-text"
                onClick={() => dispatch({ do: "show-fresh" })}
              >
                {state.fresh.length} new
              </Button>
            )}
          </span>
          <span className="ml-auto flex items-center gap-2">
            {settledCount === 0 ? null : (
              <Button size="sm" variant="ghost" onClick={() => dispatch({ do: "clear-settled" })}>
                Clear settled
              </Button>
            )}
            {bulk.length === 0 ? null : (
              <Button size="sm" variant="danger-outline" onClick={() => setDenying(true)}>
                Deny {bulk.length}
              </Button>
            )}
          </span>
        </div>
        <div
          className="lg:max-h-[calc(100dvh-9rem)] lg:overflow-y-auto"
          onPointerEnter={(event) => {
            pointing.current = event.pointerType === "mouse";
          }}
          onPointerLeave={() => {
            pointing.current = false;
            dispatch({ do: "show-fresh" });
          }}
        >
          <ul aria-label="Requests">
            {state.shown.map((shown) => (
              <Row
                key={shown.row.id}
                shown={shown}
                offset={state.offset}
                chosen={shown.row.id === chosen}
                selected={selected.has(shown.row.id)}
                onSelect={decides ? (on) => toggle(shown.row.id, on) : null}
                onOpen={(event) => open(shown.row.id, event)}
              />
            ))}
          </ul>
        </div>
      </section>
      <section aria-label="The chosen request" className="min-w-0 max-lg:hidden">
        {chosen === null ? null : <SheetPane key={chosen} id={chosen} keys={bulk.length === 0} onSettled={settle} />}
      </section>
      <DenyDialog
        open={denying}
        onOpenChange={setDenying}
        title={`Deny ${bulk.length} ${bulk.length === 1 ? "request" : "requests"}?`}
        onDeny={denyAll}
      />
    </div>
  );
}
