import type { Replay, ReplayStatement } from "@/lib/recordings/replay-model";
import type { Place } from "@/lib/recordings/timeline/address";
import { type Clock, makeClock, toPlayed, toSession } from "@/lib/recordings/timeline/clock";
import { endOf, statementAt } from "@/lib/recordings/timeline/moment";

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;
export type Speed = (typeof SPEEDS)[number];

/** Where the player is; a new object whenever something of it changed. */
export interface PlayerState extends Place {
  readonly playing: boolean;
  readonly speed: Speed;
  readonly folded: boolean;
  readonly clock: Clock;
  /** Stays at the edge of a live session. */
  readonly following: boolean;
}

/**
 * The player's head: a place in a session that moves with time. It draws nothing and has no timer; `tick` moves it on.
 * A step goes to the end of a statement, so that its whole answer is there.
 */
export class Player {
  #state: PlayerState;
  #replay: Replay;
  readonly #listeners = new Set<() => void>();

  constructor(replay: Replay, place: Place | null) {
    this.#replay = replay;
    const following = replay.session.live && place === null;
    this.#state = {
      ...(place ?? (following ? edgeOf(replay) : { us: 0, index: statementAt(replay.statements, 0) })),
      playing: false,
      speed: 1,
      folded: true,
      clock: makeClock(replay.statements, replay.endUs, true),
      following,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly state = (): PlayerState => this.#state;

  get statements(): readonly ReplayStatement[] {
    return this.#replay.statements;
  }

  /** Takes what came since. The place stays, unless the player follows: also where something came in before it. */
  setReplay(replay: Replay): void {
    if (replay === this.#replay) return;
    const { folded, following, index } = this.#state;
    const shown = this.statements[index]?.id;
    this.#replay = replay;
    const kept = this.statements[index]?.id === shown ? index : this.statements.findIndex(({ id }) => id === shown);
    this.#set({
      clock: makeClock(replay.statements, replay.endUs, folded),
      ...(following ? edgeOf(replay) : { index: kept < 0 ? statementAt(this.statements, this.#state.us) : kept }),
      following: following && replay.session.live,
    });
  }

  play(): void {
    const atEnd = this.#state.us >= this.#replay.endUs;
    this.#set({ playing: true, following: false, ...(atEnd ? { us: 0, index: statementAt(this.statements, 0) } : {}) });
  }

  pause(): void {
    if (this.#state.playing) this.#set({ playing: false });
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  setSpeed(speed: Speed): void {
    this.#set({ speed });
  }

  toggleFolding(): void {
    const folded = !this.#state.folded;
    this.#set({ folded, clock: makeClock(this.statements, this.#replay.endUs, folded) });
  }

  /** Moves on by `ms` of the watcher's time. Stops at the end. */
  tick(ms: number): void {
    const { playing, clock, us, speed } = this.#state;
    if (!playing) return;
    const next = toSession(clock, toPlayed(clock, us) + ms * 1000 * speed);
    const over = next >= clock.endUs;
    this.#set({ us: next, index: statementAt(this.statements, next), playing: !over });
  }

  /** Goes to a moment of the session. */
  seek(us: number): void {
    const at = Math.min(Math.max(us, 0), this.#replay.endUs);
    this.#set({ us: at, index: statementAt(this.statements, at), following: false });
  }

  /** Goes to where a statement's answer is complete; while playing, to where it arrived. */
  show(index: number): void {
    const statement = this.statements[index];
    if (statement === undefined) return;
    const us = this.#state.playing ? statement.atUs : Math.min(endOf(statement), this.#replay.endUs);
    this.#set({ us, index, following: false });
  }

  step(count: number): void {
    const last = this.statements.length - 1;
    this.show(Math.min(Math.max(this.#state.index + count, 0), last));
  }

  follow(): void {
    if (!this.#replay.session.live) return;
    this.#set({ ...edgeOf(this.#replay), following: true, playing: false });
  }

  #set(change: Partial<PlayerState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function edgeOf(replay: Replay): Place {
  return { us: replay.endUs, index: replay.statements.length - 1 };
}
