"use client";

import { type KeyboardEvent, useEffect, useRef } from "react";
import { toPlayed } from "@/lib/recordings/timeline/clock";
import { spokenPlace } from "@/lib/recordings/timeline/words";
import { usePlayer, useReplay } from "./use-player";

/** The playhead: a slider over the session. Its place is set without drawing anything else anew. */
export function Playhead({ placeOf }: { readonly placeOf: (us: number) => number }) {
  const { replay, player } = useReplay();
  const head = useRef<HTMLDivElement>(null);
  const index = usePlayer((state) => state.index);
  const second = usePlayer((state) => Math.floor(state.us / 1_000_000));
  const playedEnd = usePlayer((state) => Math.ceil(state.clock.playedEndUs / 1000));
  useEffect(() => {
    const place = () => {
      if (head.current === null) return;
      const { clock, us } = player.state();
      head.current.style.transform = `translateX(${placeOf(us)}px)`;
      head.current.setAttribute("aria-valuenow", String(Math.round(toPlayed(clock, us) / 1000)));
    };
    place();
    return player.subscribe(place);
  }, [player, placeOf]);

  const onKey = (event: KeyboardEvent) => {
    const go = KEYS[event.key];
    if (go === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { length } = replay.statements;
    if (typeof go === "number") player.step(event.shiftKey ? go * 10 : go);
    else player.show(go === "first" ? 0 : length - 1);
  };
  return (
    <div
      ref={head}
      role="slider"
      tabIndex={0}
      aria-label="Playhead"
      aria-valuemin={0}
      aria-valuemax={playedEnd}
      aria-valuenow={0}
      aria-valuetext={spokenPlace(replay.statements, index, second * 1_000_000)}
      onKeyDown={onKey}
      className="absolute -top-1.5 -bottom-1 left-0 z-10 -ml-3 flex w-6 cursor-ew-resize flex-col items-center rounded"
    >
      <span className="size-2.5 shrink-0 rotate-45 rounded-xs bg-accent" />
      <span className="-mt-1 w-0.5 flex-1 bg-accent" />
    </div>
  );
}

const KEYS: Readonly<Record<string, number | "first" | "last">> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: "first",
  End: "last",
};
