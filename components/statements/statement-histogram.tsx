"use client";

import { parseAsString, useQueryStates } from "nuqs";
import { type KeyboardEvent, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { formatCount } from "@/components/ui/format-quantity";
import { absoluteTime } from "@/components/ui/format-time";
import { Time, useTimeZone } from "@/components/ui/time";
import { COUNTED_DAYS } from "@/lib/statements/counted-days";
import type { CountBucket } from "@/lib/statements/counts";

const HEIGHT = 100;
/** A bar with anything in it can be seen. */
const LEAST = 2;

const KINDS = [
  { kind: "allow", label: "allowed", fill: "fill-accent", dot: "bg-accent" },
  { kind: "review", label: "to review", fill: "fill-warn", dot: "bg-warn" },
  { kind: "deny", label: "denied", fill: "fill-danger", dot: "bg-danger" },
  { kind: "failed", label: "failed", fill: "fill-fg/45", dot: "bg-fg/45" },
] as const;

type Wired = Omit<CountBucket, "start"> & { readonly start: Date | string };

const sumOf = (one: Wired) => one.allow + one.review + one.deny + one.failed;

/** Statements over time. A click or a drag over bars zooms in; with the keyboard arrows move, shift and arrows choose several, enter zooms. */
export function StatementHistogram({
  buckets,
  bucketMs,
  total,
  countedFrom,
  timed,
}: {
  readonly buckets: readonly Wired[];
  readonly bucketMs: number;
  readonly total: number;
  readonly countedFrom: Date | string | null;
  /** The reader chose the time. */
  readonly timed: boolean;
}) {
  const [, setTime] = useQueryStates(
    { range: parseAsString, from: parseAsString, to: parseAsString, cursor: parseAsString },
    { shallow: false, history: "push" },
  );
  const [zone] = useTimeZone();
  const [at, setAt] = useState(buckets.length - 1);
  const [anchor, setAnchor] = useState<number | null>(null);
  const dragging = useRef(false);
  const bars = useRef<HTMLFieldSetElement>(null);
  const chosen = { first: Math.min(at, anchor ?? at), last: Math.max(at, anchor ?? at) };
  const startOf = (index: number) => new Date(buckets[index]?.start ?? 0).getTime();
  const shownZone = zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
  const describe = (first: number, last: number) => {
    const of = buckets.slice(first, last + 1);
    const parts = KINDS.map(({ kind, label }) => ({ label, count: of.reduce((sum, one) => sum + one[kind], 0) }));
    const all = parts.reduce((sum, one) => sum + one.count, 0);
    const details = parts.filter((one) => one.count > 0).map((one) => `${formatCount(one.count)} ${one.label}`);
    return `${absoluteTime(startOf(first), shownZone)} to ${absoluteTime(startOf(last) + bucketMs, shownZone)}${zone === "utc" ? " UTC" : ""}: ${formatCount(all)} ${all === 1 ? "statement" : "statements"}${details.length === 0 ? "" : `, ${details.join(", ")}`}`;
  };
  const zoom = (first: number, last: number) => {
    setAnchor(null);
    void setTime({
      range: null,
      from: new Date(startOf(first)).toISOString(),
      to: new Date(startOf(last) + bucketMs).toISOString(),
      cursor: null,
    });
  };
  const move = (to: number, extend: boolean) => {
    const next = Math.min(Math.max(to, 0), buckets.length - 1);
    setAnchor(extend ? (anchor ?? at) : null);
    setAt(next);
    bars.current?.querySelectorAll<HTMLElement>("button")[next]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buckets.length - 1 };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to, event.shiftKey);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.stopPropagation();
      zoom(chosen.first, chosen.last);
    } else if (event.key === "Escape") {
      setAnchor(null);
    }
  };
  return (
    <figure className="flex min-w-0 flex-col gap-1.5">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        <span>
          <span className="font-semibold tabular-nums">{formatCount(total)}</span>{" "}
          {total === 1 ? "statement" : "statements"}
          {timed ? "" : ` in the last ${COUNTED_DAYS} days`}
        </span>
        {countedFrom === null ? null : (
          <span className="text-warn">
            Counted back to <Time value={countedFrom} mode="absolute" /> only: with these filters statements are counted
            one by one.
          </span>
        )}
        <span className="flex flex-wrap gap-x-3 text-muted text-xs">
          {KINDS.map(({ kind, label, dot }) => (
            <span key={kind} className="flex items-center gap-1">
              <span aria-hidden className={cn("size-2 rounded-xs", dot)} />
              {label}
            </span>
          ))}
        </span>
      </figcaption>
      <div className="relative h-28">
        <Bars buckets={buckets} first={anchor === null ? -1 : chosen.first} last={anchor === null ? -1 : chosen.last} />
        <fieldset
          ref={bars}
          aria-label="Zoom into a time: arrows move, shift and arrows choose several, enter zooms"
          className="absolute inset-0 grid min-w-0 touch-pan-y auto-cols-fr grid-flow-col"
          onKeyDown={onKeyDown}
          onPointerLeave={() => {
            if (dragging.current) setAnchor(null);
            dragging.current = false;
          }}
        >
          {buckets.map((bucket, index) => (
            <button
              key={new Date(bucket.start).getTime()}
              type="button"
              tabIndex={index === at ? 0 : -1}
              aria-label={describe(index, index)}
              className="min-w-0 hover:bg-fg/10 focus-visible:bg-fg/15 focus-visible:outline-offset-0"
              onFocus={() => setAt(index)}
              onPointerDown={(event) => {
                if (event.button !== 0) return;
                event.currentTarget.releasePointerCapture(event.pointerId);
                dragging.current = true;
                setAnchor(index);
                setAt(index);
              }}
              onPointerEnter={() => {
                setAt(index);
              }}
              onPointerUp={() => {
                if (!dragging.current) return;
                dragging.current = false;
                zoom(Math.min(anchor ?? index, index), Math.max(anchor ?? index, index));
              }}
            />
          ))}
        </fieldset>
      </div>
      <p className="min-h-5 text-muted text-xs tabular-nums">{describe(chosen.first, chosen.last)}</p>
    </figure>
  );
}

function Bars({
  buckets,
  first,
  last,
}: {
  readonly buckets: readonly Wired[];
  readonly first: number;
  readonly last: number;
}) {
  const top = Math.max(1, ...buckets.map(sumOf));
  return (
    <svg
      viewBox={`0 0 ${buckets.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full"
      aria-hidden="true"
    >
      {first < 0 ? null : (
        <rect x={first} y="0" width={last - first + 1} height={HEIGHT} className="fill-accent-soft" />
      )}
      <line x1="0" x2={buckets.length} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="stroke-line" />
      {buckets.map((bucket, index) => {
        let floor = HEIGHT;
        return KINDS.map(({ kind, fill }) => {
          const count = bucket[kind];
          if (count === 0) return null;
          const height = Math.max(LEAST, (count / top) * (HEIGHT - 4 * LEAST));
          floor -= height;
          return (
            <rect
              key={`${new Date(bucket.start).getTime()} ${kind}`}
              x={index + 0.08}
              y={floor}
              width="0.84"
              height={height}
              className={fill}
            />
          );
        });
      })}
    </svg>
  );
}
