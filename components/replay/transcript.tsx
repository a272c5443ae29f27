"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { formatCount } from "@/components/ui/format-quantity";
import { controlStyles } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { useShortcut } from "@/components/ui/shortcuts";
import { lineOf, listed, TRANSCRIPT_VIEW_LABELS, TRANSCRIPT_VIEWS, type TranscriptView } from "./transcript-filter";
import { TRANSCRIPT_ROW_PX, TranscriptRow } from "./transcript-row";
import { usePlayer, useReplay } from "./use-player";
import { type Search, useSearch } from "./use-search";

const VIEWS = TRANSCRIPT_VIEWS.map((value) => ({ value, label: TRANSCRIPT_VIEW_LABELS[value] }));
/** After somebody scrolled, the list stays where they are for so long. */
const LEFT_ALONE_MS = 3000;

/** All statements to read, without playing; the one at the playhead is marked and kept in view. */
export function Transcript() {
  const { replay, player, lookAt } = useReplay();
  const [view, setView] = useState<TranscriptView>("all");
  const [text, setText] = useState("");
  const search = useSearch(replay.session.id, text);
  const index = usePlayer((state) => state.index);
  const lines = useMemo(
    () => listed(replay.statements, view, text, search.matches),
    [replay.statements, view, text, search.matches],
  );
  const current = lineOf(lines, index);
  const field = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const scrolledAt = useRef(Number.NEGATIVE_INFINITY);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => TRANSCRIPT_ROW_PX,
    overscan: 8,
    useFlushSync: false,
  });
  useShortcut("search.focus", (event) => {
    event.preventDefault();
    field.current?.focus();
    field.current?.select();
  });
  const go = (place: number) => {
    player.show(place);
    const match = search.matches.get(replay.statements[place]?.id ?? "");
    if (match?.at != null) lookAt(match.statementId, match.at);
  };
  const move = (step: 1 | -1) => {
    const place =
      lines[
        Math.min(
          Math.max(lines[current] === index ? current + step : step === 1 ? current + 1 : current, 0),
          lines.length - 1,
        )
      ];
    if (place !== undefined) go(place);
  };
  useShortcut("list.next", () => move(1));
  useShortcut("list.previous", () => move(-1));
  useEffect(() => {
    if (current >= 0 && performance.now() - scrolledAt.current > LEFT_ALONE_MS)
      rows.scrollToIndex(current, { align: "auto" });
  }, [current, rows]);
  const byHand = () => {
    scrolledAt.current = performance.now();
  };
  return (
    <section
      aria-label="Transcript"
      className="flex h-80 min-h-0 min-w-0 flex-col rounded-lg border bg-surface md:h-[40rem] xl:h-auto"
    >
      <div className="flex flex-col gap-2 border-b p-2">
        <input
          ref={field}
          type="search"
          aria-label="Search this session"
          placeholder="Search SQL, rows, errors…"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") move(1);
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          className={cn(controlStyles, "h-8")}
        />
        <div className="flex items-center gap-2">
          <Select aria-label="Show" className="w-40" options={VIEWS} value={view} onValueChange={setView} />
          <p role="status" className="min-w-0 truncate text-muted text-xs">
            {summary(lines.length, replay.statements.length, search.state)}
          </p>
        </div>
      </div>
      {lines.length === 0 ? (
        <p className="p-4 text-center text-muted text-sm">
          Nothing here matches.{" "}
          <button
            type="button"
            className="min-h-6 text-accent-text underline underline-offset-4"
            onClick={() => {
              setText("");
              setView("all");
            }}
          >
            Show all statements
          </button>
        </p>
      ) : (
        <div ref={box} className="min-h-0 flex-1 overflow-y-auto" onWheel={byHand} onTouchMove={byHand}>
          <ol aria-label="Statements" className="relative" style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((row) => {
              const place = lines[row.index];
              const statement = place === undefined ? undefined : replay.statements[place];
              return statement === undefined || place === undefined ? null : (
                <li
                  key={statement.id}
                  aria-setsize={lines.length}
                  aria-posinset={row.index + 1}
                  className="absolute inset-x-0 top-0"
                  style={{ height: TRANSCRIPT_ROW_PX, transform: `translateY(${row.start}px)` }}
                >
                  <TranscriptRow
                    statement={statement}
                    sessionId={replay.session.id}
                    current={place === index}
                    later={place > index}
                    match={search.matches.get(statement.id) ?? null}
                    onShow={() => go(place)}
                  />
                </li>
              );
            })}
          </ol>
        </div>
      )}
    </section>
  );
}

function summary(shown: number, all: number, state: Search["state"]): string {
  const counted = shown === all ? `${formatCount(all)} statements` : `${formatCount(shown)} of ${formatCount(all)}`;
  switch (state) {
    case "searching":
      return `${counted}, searching…`;
    case "partial":
      return `${counted}; not all of the recording was searched`;
    case "failed":
      return `${counted}; the recording could not be searched`;
    case "off":
    case "complete":
      return counted;
    default:
      return state satisfies never;
  }
}
