"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import type { Replay } from "@/lib/recordings/replay-model";
import { Inspector } from "./inspector";
import { LiveBar } from "./live-bar";
import type { Player } from "./player";
import { ReplayHead } from "./replay-head";
import { ReplayKeys } from "./replay-keys";
import { Stage } from "./stage";
import type { StatementSource } from "./statement-source";
import { Timeline } from "./timeline";
import { Transcript } from "./transcript";
import { Transport } from "./transport";
import { useLiveReplay } from "./use-live-replay";
import { ReplayPartsProvider, type Spot, useFrames } from "./use-player";

/** The open player: timeline and transport on top; transcript, the moment itself, and what is known about it below. */
export function ReplayView({
  opened,
  title,
  mayKill,
  mayExport,
}: {
  readonly opened: { readonly replay: Replay; readonly player: Player; readonly source: StatementSource };
  readonly title: string;
  readonly mayKill: boolean;
  readonly mayExport: boolean;
}) {
  const { player, source } = opened;
  const replay = useLiveReplay(opened.replay, player, source);
  useFrames(player);
  useWanted(player, source);
  const [spot, setSpot] = useState<Spot | null>(null);
  const lookAt = (statementId: string, at: Spot["at"]) =>
    setSpot((last) => ({ statementId, at, visit: (last?.visit ?? 0) + 1 }));
  return (
    <ReplayPartsProvider value={{ replay, player, source, spot, lookAt }}>
      <ReplayKeys />
      <div className="flex flex-col gap-3 xl:h-[calc(100dvh-6rem)] xl:min-h-[42rem]">
        <ReplayHead title={title} mayKill={mayKill} mayExport={mayExport} />
        <LiveBar />
        {replay.statements.length === 0 ? (
          <EmptyState kind="first-use" title={replay.session.live ? "Nothing sent yet" : "This session sent nothing"}>
            {replay.session.live
              ? "The client is logged in. What it sends stands here as soon as it does."
              : "The client logged in and left without a statement: there is nothing to play."}
          </EmptyState>
        ) : (
          <>
            <section aria-label="Timeline" className="flex flex-col rounded-lg border bg-surface">
              <Timeline />
              <Transport />
            </section>
            <div className="grid min-h-0 flex-1 gap-3 md:grid-cols-[17rem_minmax(0,1fr)] xl:grid-cols-[20rem_minmax(0,1fr)_18rem]">
              <Transcript />
              <Stage />
              <Inspector />
            </div>
          </>
        )}
      </div>
    </ReplayPartsProvider>
  );
}

/** Reads the statement on the screen, then the ones beside it. */
function useWanted(player: Player, source: StatementSource): void {
  const index = useSyncExternalStore(
    player.subscribe,
    () => player.state().index,
    () => player.state().index,
  );
  useEffect(() => {
    const near = [index, index + 1, index - 1].map((at) => player.statements[at]?.id);
    source.want(
      near.filter((id) => id !== undefined),
      performance.now(),
    );
  }, [index, player, source]);
}
