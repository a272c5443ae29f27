import { SallyportError } from "@/lib/errors/error";
import { CAPABILITY } from "../protocol/constants";
import type { WireHandler } from "../socket/wire";
import type { Upstream } from "../upstream/connect";
import { OwnQueries } from "../upstream/own-queries";
import { followSession } from "../upstream/pin-session";
import type { SessionCore } from "./session-core";
import { SessionState } from "./session-state";
import type { SessionUpstream } from "./upstreams";

/** How long the server may take to bring the connection into the session's state. */
const FOLLOW_MS = 10_000;

/** Both answer in the same form, so that one reads as the other. */
const FORM = CAPABILITY.DEPRECATE_EOF | CAPABILITY.SESSION_TRACK;

/** What of the own connection the second one was brought to. */
interface Followed {
  readonly schema: string | null;
  readonly fingerprint: string;
  readonly serial: number;
}

/** The second connection of a session whose own one is a restricted account's: opened when needed, and kept in the same state. */
export class MainConnection {
  readonly #core: SessionCore;
  readonly #handlerOf: (main: SessionUpstream) => WireHandler;
  #followed: Followed | null = null;

  /** `handlerOf` takes what comes when it does not follow. */
  constructor(core: SessionCore, handlerOf: (main: SessionUpstream) => WireHandler) {
    this.#core = core;
    this.#handlerOf = handlerOf;
  }

  /** Whether it stands, in the state of the own one. */
  get ready(): boolean {
    const { upstreams, server, followed } = this.#core;
    const done = this.#followed;
    return (
      upstreams.main !== null &&
      done !== null &&
      done.serial === followed.serial &&
      done.schema === server.schema &&
      done.fingerprint === server.facts.fingerprint
    );
  }

  /** Opens it where it is not open, and brings it into the state of the own one. Rejects with SallyportError. */
  async makeReady(): Promise<void> {
    const { upstreams, server } = this.#core;
    // There is no way back to no schema.
    if (upstreams.main !== null && server.schema === null && upstreams.main.state.schema !== null) {
      upstreams.replaceMain(null);
    }
    try {
      const main = upstreams.main ?? (await this.#open());
      await this.#follow(main);
    } catch (cause) {
      upstreams.replaceMain(null);
      if (cause instanceof SallyportError) throw cause;
      throw unavailable("The upstream does not let the gateway prepare a session", cause);
    }
  }

  async #open(): Promise<SessionUpstream> {
    const core = this.#core;
    const { upstreams, parts, grant } = core;
    const upstream = await parts.openMain(core.server.schema);
    if (core.phase !== "local") {
      upstream.wire.destroy();
      throw unavailable("The session has ended");
    }
    this.#followed = null;
    const state = new SessionState(core.server.pinned, upstream.serverVersion);
    const main = { target: grant.connection.upstream, upstream, state };
    upstreams.replaceMain(main);
    if (!sameForm(upstream, upstreams.own.upstream)) {
      throw unavailable("The upstream answers its two accounts in different ways");
    }
    return main;
  }

  async #follow(main: SessionUpstream): Promise<void> {
    const { server, followed } = this.#core;
    const { wire, capabilities } = main.upstream;
    const wanted = { schema: server.schema, fingerprint: server.facts.fingerprint, serial: followed.serial };
    const queries = new OwnQueries(wire, capabilities);
    const timer = setTimeout(() => wire.destroy(), FOLLOW_MS);
    try {
      main.state.replace(await followSession(queries, server.pinned, followed.since(this.#followed?.serial ?? 0)));
    } finally {
      clearTimeout(timer);
      wire.handler = this.#handlerOf(main);
    }
    const same = main.state.facts.fingerprint === wanted.fingerprint;
    if (!same || (main.state.schema === null) !== (wanted.schema === null)) {
      throw unavailable("The upstream does not keep the settings of the session on both of its connections");
    }
    this.#followed = wanted;
  }
}

function sameForm(left: Upstream, right: Upstream): boolean {
  return ((left.capabilities ^ right.capabilities) & FORM) === 0;
}

function unavailable(what: string, cause?: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", what, { next: "Ask an admin to test the connection in the console", cause });
}
