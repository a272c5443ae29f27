"use client";

import {
  Ban,
  ChevronLeft,
  ChevronRight,
  FoldHorizontal,
  Link2,
  Pause,
  Play,
  SkipBack,
  SkipForward,
  UnfoldHorizontal,
} from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { formatDuration } from "@/components/ui/format-time";
import { Select } from "@/components/ui/select";
import { SHORTCUTS, type ShortcutId } from "@/components/ui/shortcuts";
import { Tooltip } from "@/components/ui/tooltip";
import { gapAt } from "@/lib/recordings/timeline/clock";
import { stopwatch } from "@/lib/recordings/timeline/words";
import { SPEEDS, type Speed } from "./player";
import { goTo } from "./replay-keys";
import { TimelineLegend } from "./timeline-legend";
import { useCopyMoment } from "./use-copy-moment";
import { usePlayer, useReplay } from "./use-player";

const SPEED_OPTIONS = SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }));

/** The buttons under the timeline, and what time it is on it. */
export function Transport() {
  const { player } = useReplay();
  const playing = usePlayer((state) => state.playing);
  const speed = usePlayer((state) => state.speed);
  const folded = usePlayer((state) => state.folded);
  const copy = useCopyMoment();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t px-3 py-2">
      <fieldset aria-label="Transport" className="flex items-center gap-1">
        <Key id="replay.previous-marker" onPress={() => goTo(player, "marker", -1)}>
          <SkipBack aria-hidden />
        </Key>
        <Key id="replay.previous" onPress={() => player.step(-1)}>
          <ChevronLeft aria-hidden />
        </Key>
        <Tooltip content={playing ? "Pause" : "Play"} keys={SHORTCUTS["replay.play"].keys}>
          <Button variant="primary" size="icon" aria-label={playing ? "Pause" : "Play"} onClick={() => player.toggle()}>
            {playing ? <Pause aria-hidden /> : <Play aria-hidden />}
          </Button>
        </Tooltip>
        <Key id="replay.next" onPress={() => player.step(1)}>
          <ChevronRight aria-hidden />
        </Key>
        <Key id="replay.next-marker" onPress={() => goTo(player, "marker", 1)}>
          <SkipForward aria-hidden />
        </Key>
        <Key id="replay.blocked" onPress={() => goTo(player, "blocked", 1)}>
          <Ban aria-hidden />
        </Key>
      </fieldset>
      <Clock />
      <div className="flex items-center gap-1">
        <Select
          aria-label="Speed"
          className="w-20"
          options={SPEED_OPTIONS}
          value={String(speed)}
          onValueChange={(value) => player.setSpeed(SPEEDS.find((one) => String(one) === value) ?? (1 satisfies Speed))}
        />
        <Tooltip content={folded ? "Play idle time too" : "Fold idle time"} keys={SHORTCUTS["replay.idle"].keys}>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Fold idle time"
            aria-pressed={folded}
            className="aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
            onClick={() => player.toggleFolding()}
          >
            {folded ? <FoldHorizontal aria-hidden /> : <UnfoldHorizontal aria-hidden />}
          </Button>
        </Tooltip>
        <Key id="replay.link" onPress={copy}>
          <Link2 aria-hidden />
        </Key>
      </div>
      <TimelineLegend />
    </div>
  );
}

function Key({
  id,
  onPress,
  children,
}: {
  readonly id: ShortcutId;
  readonly onPress: () => void;
  readonly children: ReactNode;
}) {
  const { label, keys } = SHORTCUTS[id];
  return (
    <Tooltip content={label} keys={keys}>
      <Button variant="ghost" size="icon" aria-label={label} onClick={onPress}>
        {children}
      </Button>
    </Tooltip>
  );
}

/** Where the playhead is in the session's own time; in a folded gap, how much is skipped. */
function Clock() {
  const { replay } = useReplay();
  // Tenths are enough while it runs, and let the text be drawn ten times a second instead of sixty.
  const us = usePlayer((state) => (state.playing ? Math.floor(state.us / 100_000) * 100_000 : Math.floor(state.us)));
  const skipped = usePlayer((state) => gapAt(state.clock, state.us));
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-2 font-mono text-sm">
      <span className="font-medium">{stopwatch(us)}</span>
      <span className="text-faint text-xs">of {stopwatch(replay.endUs)}</span>
      {skipped === null ? null : (
        <span className="text-muted text-xs">{formatDuration((skipped.toUs - skipped.fromUs) / 1000)} idle</span>
      )}
    </p>
  );
}
