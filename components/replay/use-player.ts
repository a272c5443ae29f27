"use client";

import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import type { Replay, ReplayMatch } from "@/lib/recordings/replay-model";
import type { Player, PlayerState } from "./player";
import type { StatementSource } from "./statement-source";

/** A value of a statement's answer that somebody went to; a new object each time. */
export interface Spot {
  readonly statementId: string;
  readonly at: NonNullable<ReplayMatch["at"]>;
  /** Counts such visits. */
  readonly visit: number;
}

/** What every part of the player shares. */
export interface ReplayParts {
  readonly replay: Replay;
  readonly player: Player;
  readonly source: StatementSource;
  readonly spot: Spot | null;
  /** Shows this value as soon as its statement is on the screen. */
  readonly lookAt: (statementId: string, at: Spot["at"]) => void;
}

const Parts = createContext<ReplayParts | null>(null);
export const ReplayPartsProvider = Parts.Provider;

export function useReplay(): ReplayParts {
  const parts = useContext(Parts);
  if (parts === null) throw new Error("useReplay works inside a replay only");
  return parts;
}

/** One thing of the player's state; the component is drawn again when that changes, and not with every frame. */
export function usePlayer<T extends string | number | boolean | object | null>(pick: (state: PlayerState) => T): T {
  const { player } = useReplay();
  const read = () => pick(player.state());
  return useSyncExternalStore(player.subscribe, read, read);
}

/** Moves the player on with the screen's frames while it plays. */
export function useFrames(player: Player): void {
  useEffect(() => {
    let frame: number | null = null;
    let last = 0;
    const onFrame = (now: number) => {
      player.tick(now - last);
      last = now;
      frame = player.state().playing ? requestAnimationFrame(onFrame) : null;
    };
    const onChange = () => {
      if (!player.state().playing || frame !== null) return;
      last = performance.now();
      frame = requestAnimationFrame(onFrame);
    };
    const stop = player.subscribe(onChange);
    return () => {
      stop();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  }, [player]);
}
