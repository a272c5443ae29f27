import type { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { killUpstreamQuery } from "../upstream/kill-query";
import { endError } from "./end-reasons";
import type { EndReason } from "./registry";
import type { SessionCore } from "./session-core";

/** How long a client may take to ask again and so learn why its session ended. */
const FAREWELL_MS = 30_000;

/** The ways in which a session ends. */
export class SessionLife {
  readonly #core: SessionCore;
  /** Told once, when the session is over. */
  readonly #onEnd: (reason: EndReason, detail: string | null) => void;
  #farewell: SallyportError | null = null;
  #farewellTimer: NodeJS.Timeout | null = null;

  constructor(core: SessionCore, onEnd: (reason: EndReason, detail: string | null) => void) {
    this.#core = core;
    this.#onEnd = onEnd;
  }

  /** Ends the session now, with an ERR packet where the protocol has room for one. */
  terminate(reason: EndReason): void {
    const core = this.#core;
    if (core.phase === "closed" || core.phase === "farewell") {
      return;
    }
    if (core.phase === "idle" && (reason === "revoked" || reason === "token_expired")) {
      this.endLater(reason);
      return;
    }
    const cutsHere = core.phase === "running" && core.answer.canCut && !core.reader.midCommand;
    if (core.phase === "local" || cutsHere) {
      const shown = mysqlError(endError(reason));
      const sequence = cutsHere ? core.answer.nextSequence : core.sequence;
      core.record(shown);
      this.endWith(shown, sequence, reason);
      return;
    }
    this.end(reason);
  }

  upstreamGone(): void {
    if (this.#core.phase === "idle") {
      this.endLater("upstream_lost");
    } else {
      this.terminate("upstream_lost");
    }
  }

  /** Ends the session upstream now, and tells the client why when it asks next. */
  endLater(reason: EndReason, detail: string | null = null): void {
    const core = this.#core;
    this.#close(reason, detail);
    this.#farewell = endError(reason);
    core.recording.begin(null);
    core.phase = "farewell";
    this.#farewellTimer = setTimeout(() => this.sayFarewell(0), FAREWELL_MS);
    core.traffic.letGo();
    core.reader.pump();
  }

  sayFarewell(sequence: number): void {
    this.endWith(mysqlError(this.#farewell), sequence, "client_lost");
  }

  endWith(error: MysqlError, sequence: number, reason: EndReason): void {
    this.#core.voice.sayLast(writeFrame(writeErr(error), sequence));
    this.end(reason);
  }

  end(reason: EndReason): void {
    const core = this.#core;
    const before = core.phase;
    if (before === "closed") {
      return;
    }
    if (this.#farewellTimer !== null) {
      clearTimeout(this.#farewellTimer);
    }
    if (before !== "farewell") {
      this.#close(reason);
    }
    core.phase = "closed";
    core.parts.client.end();
  }

  /** Rolls back and frees what the session holds upstream. A statement that runs is interrupted, for closing alone does not stop it. */
  #close(reason: EndReason, detail: string | null = null): void {
    const core = this.#core;
    const { active } = core.upstreams;
    if (core.phase === "running" || core.phase === "draining") {
      core.record(mysqlError(endError(reason)));
      killUpstreamQuery(active.target, active.upstream.threadId, () => true).catch(() => undefined);
    } else if (core.phase === "local") {
      core.record(mysqlError(endError(reason)));
    }
    core.parts.gate.sessionOver(reason === "killed");
    core.upstreams.destroy();
    core.prepared.clear();
    core.answer.clear();
    core.traffic.count();
    this.#onEnd(reason, detail);
  }
}
