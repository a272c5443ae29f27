"use client";

import { useTheme } from "next-themes";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { drawingOf, placeOn } from "@/lib/recordings/timeline/bins";
import { toSession } from "@/lib/recordings/timeline/clock";
import { TICK_KIND_LABELS, TICK_KINDS } from "@/lib/recordings/timeline/marks";
import { statementAt } from "@/lib/recordings/timeline/moment";
import { oneLine, stopwatch } from "@/lib/recordings/timeline/words";
import { Playhead } from "./playhead";
import { drawTimeline, LANE_PX, TIMELINE_PX } from "./timeline-drawing";
import { usePlayer, useReplay } from "./use-player";

/** The whole session on one line: a press or a drag goes there. */
export function Timeline() {
  const { replay, player } = useReplay();
  const clock = usePlayer((state) => state.clock);
  const { resolvedTheme } = useTheme();
  const track = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [hoverX, setHoverX] = useState<number | null>(null);

  useEffect(() => {
    const element = track.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const drawing = useMemo(() => drawingOf(replay.statements, clock, width), [replay.statements, clock, width]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme has other colours
  useEffect(() => {
    // The theme's class is on the document after this frame's effects.
    const frame = requestAnimationFrame(() => {
      if (canvas.current !== null && width > 0) drawTimeline(canvas.current, drawing, width);
    });
    return () => cancelAnimationFrame(frame);
  }, [drawing, width, resolvedTheme]);

  const momentAt = (x: number) =>
    toSession(clock, (Math.min(Math.max(x, 0), width) / Math.max(width, 1)) * clock.playedEndUs);
  const xOf = (event: PointerEvent) => event.clientX - (track.current?.getBoundingClientRect().left ?? 0);
  const onPointer = (event: PointerEvent) => {
    if (event.type === "pointerdown") {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
    } else if (event.buttons !== 1) return;
    player.seek(momentAt(xOf(event)));
  };
  return (
    <div className="flex gap-2 px-3 pt-3 pb-2">
      <ul aria-hidden className="flex w-12 shrink-0 flex-col text-faint text-xs">
        {TICK_KINDS.map((kind) => (
          <li key={kind} style={{ height: LANE_PX }} className="flex items-center">
            {TICK_KIND_LABELS[kind]}
          </li>
        ))}
      </ul>
      <div
        ref={track}
        className="relative min-w-0 flex-1 cursor-pointer touch-none"
        style={{ height: TIMELINE_PX }}
        onPointerDown={onPointer}
        onPointerMove={(event) => {
          setHoverX(xOf(event));
          onPointer(event);
        }}
        onPointerLeave={() => setHoverX(null)}
      >
        <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
        <Playhead placeOf={placeOn(clock, width)} />
        {hoverX === null ? null : <Hover x={hoverX} width={width} us={momentAt(hoverX)} />}
      </div>
    </div>
  );
}

/** What is under the pointer. */
function Hover({ x, width, us }: { readonly x: number; readonly width: number; readonly us: number }) {
  const { replay } = useReplay();
  const statement = replay.statements[statementAt(replay.statements, us)];
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-full z-20 mt-1 flex max-w-80 gap-2 truncate rounded-md border bg-raised px-2 py-1 text-xs shadow-pop"
      style={x > width / 2 ? { right: Math.max(width - x, 0) } : { left: Math.max(x, 0) }}
    >
      <span className="font-mono">{stopwatch(us)}</span>
      <span className="truncate font-mono text-muted">
        {statement === undefined ? "login" : oneLine(statement.sql).slice(0, 60)}
      </span>
    </div>
  );
}
