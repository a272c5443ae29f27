import type { Upstream } from "../upstream/connect";
import type { UpstreamTarget } from "./ports";
import type { SessionState } from "./session-state";

/** One of a session's connections to the server: the account it was made with, and the session's state there. */
export interface SessionUpstream {
  readonly target: UpstreamTarget;
  readonly upstream: Upstream;
  readonly state: SessionState;
}

/**
 * The connections of one session to the server. Its own is the one that the client logs in with. Where that is a restricted account,
 * a second one with the main account comes with the first statement that needs it.
 */
export class Upstreams {
  readonly own: SessionUpstream;
  /** The own one is a restricted account's. */
  readonly restricted: boolean;
  #main: SessionUpstream | null = null;
  #active: SessionUpstream;
  readonly #onUse: (used: SessionUpstream) => void;

  /** `onUse` is told whenever commands begin to go to the other one. */
  constructor(own: SessionUpstream, restricted: boolean, onUse: (used: SessionUpstream) => void) {
    this.own = own;
    this.restricted = restricted;
    this.#active = own;
    this.#onUse = onUse;
  }

  /** The one that commands go to and answers come from. */
  get active(): SessionUpstream {
    return this.#active;
  }

  get main(): SessionUpstream | null {
    return this.#main;
  }

  use(one: SessionUpstream): void {
    if (one !== this.#active) {
      this.#active = one;
      this.#onUse(one);
    }
  }

  /** Whether what was prepared on it is still there. */
  lives(one: SessionUpstream): boolean {
    return one === this.own || one === this.#main;
  }

  /** Takes the place of a second one that was there before. */
  replaceMain(main: SessionUpstream | null): void {
    const before = this.#main;
    this.#main = main;
    if (before !== null) {
      this.use(this.own);
      before.upstream.wire.destroy();
    }
  }

  destroy(): void {
    this.own.upstream.wire.destroy();
    this.#main?.upstream.wire.destroy();
  }
}
