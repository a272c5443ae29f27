"use client";

import { type ShortcutId, useShortcut } from "@/components/ui/shortcuts";
import { isBlocked, isMarked, nextWith } from "@/lib/recordings/timeline/marks";
import type { Player, Speed } from "./player";
import { useCopyMoment } from "./use-copy-moment";
import { useReplay } from "./use-player";

const SPEED_KEYS: readonly (readonly [ShortcutId, Speed])[] = [
  ["replay.speed-1", 1],
  ["replay.speed-2", 2],
  ["replay.speed-3", 4],
  ["replay.speed-4", 8],
];

/** Goes to the next statement of a kind; stays where there is none. */
export function goTo(player: Player, what: "marker" | "blocked", step: 1 | -1): void {
  const found = nextWith(player.statements, player.state().index, step, what === "marker" ? isMarked : isBlocked);
  if (found !== null) player.show(found);
}

/** The keys of the player. */
export function ReplayKeys() {
  const { player, replay } = useReplay();
  const copy = useCopyMoment();
  useShortcut("replay.play", (event) => {
    // On a button space is the button's.
    if (event.target instanceof HTMLElement && event.target.closest("button,[role=button],[role=tab]")) return;
    event.preventDefault();
    player.toggle();
  });
  useArrow("replay.next", () => player.step(1));
  useArrow("replay.previous", () => player.step(-1));
  useArrow("replay.forward", () => player.step(10));
  useArrow("replay.back", () => player.step(-10));
  useShortcut("replay.next-marker", () => goTo(player, "marker", 1));
  useShortcut("replay.previous-marker", () => goTo(player, "marker", -1));
  useShortcut("replay.blocked", () => goTo(player, "blocked", 1));
  useShortcut("replay.idle", () => player.toggleFolding());
  useShortcut("replay.link", copy);
  useShortcut("replay.follow", () => player.follow(), replay.session.live);
  return SPEED_KEYS.map(([id, speed]) => <SpeedKey key={id} id={id} onPress={() => player.setSpeed(speed)} />);
}

function SpeedKey({ id, onPress }: { readonly id: ShortcutId; readonly onPress: () => void }) {
  useShortcut(id, onPress);
  return null;
}

function useArrow(id: ShortcutId, go: () => void): void {
  useShortcut(id, (event) => {
    // Tabs move with the arrows themselves.
    if (event.target instanceof HTMLElement && event.target.matches("[role=tab]")) return;
    event.preventDefault();
    go();
  });
}
