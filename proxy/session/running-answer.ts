import type { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import type { ResultPlan } from "@/lib/masking/result-plan";
import type { Disagreement } from "../masking/check-definitions";
import { COMMAND } from "../protocol/constants";
import type { ErrPacket } from "../protocol/err-packet";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { u32 } from "../protocol/packet-writer";
import { killUpstreamQuery } from "../upstream/kill-query";
import { mainLost } from "./account-refusals";
import type { RelayHandling } from "./commands";
import { explainRefused } from "./disagreement";
import type { Ruling } from "./gate";
import { learnFrom } from "./learn-answer";
import { limitAnswer, resultTooLarge, tooSlow } from "./limits";
import { resultRefused } from "./mask-refusals";
import { NEVER, type SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";
import type { StatementUse } from "./statement-use";
import type { SessionUpstream } from "./upstreams";

/** How long the upstream may take to stop a statement whose answer was cut. */
const DRAIN_MS = 10_000;

/** The upstream's answer to the command that runs, from its first byte to what it changes for the commands to come. */
export class RunningAnswer {
  readonly #core: SessionCore;
  readonly #life: SessionLife;
  /** Why the running statement is being stopped, when its answer could not be cut at once. */
  #stopping: SallyportError | null = null;
  /** The answer was cut, and its rest is not here yet. */
  #interruptsRest = false;
  /** Waits for what the server says of a statement that it was only asked about. */
  #asked: (() => void) | null = null;

  constructor(core: SessionCore, life: SessionLife) {
    this.#core = core;
    this.#life = life;
  }

  /** The command is about to go upstream: one that was decided on is on the record from here on. */
  start(handling: RelayHandling, ruling: Extract<Ruling, { kind: "forward" }> | null): void {
    const core = this.#core;
    const { walker } = core.answer;
    const { limits } = core.grant.connection;
    core.ruling = ruling;
    walker.start(handling.answer, core.sequence, core.current.cursor);
    this.#mask(ruling?.result ?? null);
    limitAnswer(walker, limits, core.current.prepared);
    core.metered.begin(this.#use(ruling), walker);
    if (core.upstreams.restricted) this.#ofAccount(ruling);
    this.#run();
    core.recording.answers(handling.answer, core.current.cursor);
    if (ruling !== null) core.log.begin(core.current);
  }

  /** What a cursor gives counts as its execution does. */
  #use(ruling: Extract<Ruling, { kind: "forward" }> | null): StatementUse | null {
    const { code, prepared } = this.#core.current;
    return code === COMMAND.STMT_FETCH ? (prepared?.cursor?.use ?? null) : (ruling?.use ?? null);
  }

  #run(): void {
    const core = this.#core;
    const { limits } = core.grant.connection;
    // An ERR tells none.
    core.answer.walker.status = core.status;
    this.#stopping = null;
    this.#interruptsRest = false;
    core.deadline = limits.max_seconds === undefined ? NEVER : core.parts.now() + limits.max_seconds * 1000;
    core.phase = "running";
  }

  /** The client sees one session, whichever connection answers. */
  #ofAccount(ruling: Extract<Ruling, { kind: "forward" }> | null): void {
    const core = this.#core;
    const { walker } = core.answer;
    if (core.upstreams.active !== core.upstreams.own) {
      walker.transaction = core.status;
    } else if (ruling !== null) {
      walker.explain = (error) => explainRefused(core, ruling, error);
    }
    if (core.current.code === COMMAND.STMT_PREPARE) {
      walker.statementId = core.prepared.freeId();
    }
  }

  /**
   * Has the server prepare a statement on the session's own connection and forget it again; the client hears nothing of it. `then` gets
   * the error, null when there is none, with the phase at `local`; it is not called when the statement or the session ends before.
   */
  ask(frames: Buffer, then: (error: ErrPacket | null) => void): void {
    const core = this.#core;
    const { walker, masked } = core.answer;
    let error: ErrPacket | null = null;
    core.upstreams.use(core.upstreams.own);
    core.ruling = null;
    walker.start("prepared", core.sequence);
    core.metered.begin(null, walker);
    masked.begin(null, false, null);
    walker.discard = true;
    walker.explain = (said) => {
      error = said;
      return null;
    };
    this.#asked = () => then(error);
    this.#run();
    core.upstreams.own.upstream.wire.write(frames, false);
  }

  /** Rows of a cursor are masked as its execution was decided. */
  #mask(plan: ResultPlan | null): void {
    const { current, answer } = this.#core;
    const { prepared, code } = current;
    const fetched = code === COMMAND.STMT_FETCH ? (prepared?.cursor ?? null) : null;
    const inForce = fetched?.plan ?? plan;
    answer.masked.begin(inForce, prepared !== null, fetched?.columns ?? null);
    if (prepared !== null && code === COMMAND.STMT_EXECUTE) {
      prepared.cursor = null;
    }
    this.#core.warningsQuote ||= inForce?.scrub === true;
  }

  /** Takes `bytes[0, length)` that came on one of the session's connections. */
  take(bytes: Buffer, length: number, from: SessionUpstream): void {
    const core = this.#core;
    if (core.phase === "closed" || core.phase === "farewell") {
      return;
    }
    if ((core.phase !== "running" && core.phase !== "draining") || from !== core.upstreams.active) {
      // An answer to nothing: the upstream says goodbye, or it cannot be trusted to be in step.
      this.gone(from);
      return;
    }
    core.current.enter();
    try {
      core.metered.bound(core.answer.walker);
      core.answer.take(bytes, length);
      core.metered.count(core.answer.walker);
    } catch {
      this.#life.terminate("upstream_lost");
      return;
    }
    core.traffic.holdBack();
    if (core.answer.walker.done) {
      this.#finish();
    } else if (this.#interruptsRest) {
      this.#interruptsRest = false;
      this.#interrupt();
    }
    core.current.leave();
  }

  /** One of the session's connections broke. Without the second one the session lives on, where its answer can be ended here. */
  gone(from: SessionUpstream): void {
    const core = this.#core;
    const { upstreams } = core;
    if (from !== upstreams.main) {
      if (from === upstreams.own) this.#life.upstreamGone();
      return;
    }
    const answered = from === upstreams.active;
    upstreams.replaceMain(null);
    if (!answered || (core.phase !== "running" && core.phase !== "draining")) {
      return;
    }
    if (core.reader.midCommand || (core.phase === "running" && !core.answer.canCut)) {
      this.#life.terminate("upstream_lost");
      return;
    }
    if (core.phase === "running") {
      this.#end(mysqlError(this.#stopping ?? mainLost(), { event: core.current.id }));
    }
    core.answer.clear();
    core.deadline = NEVER;
    core.phase = "idle";
    core.nextCommand();
  }

  #finish(): void {
    const core = this.#core;
    const { walker } = core.answer;
    const { active, own } = core.upstreams;
    const asked = this.#asked;
    this.#asked = null;
    core.deadline = NEVER;
    if (asked !== null && walker.prepared !== null) {
      own.upstream.wire.write(closeStatement(walker.prepared.statementId), false);
    }
    if (asked !== null && core.phase === "running" && !core.answer.holds) {
      core.phase = "local";
      asked();
      return;
    }
    let mismatch: string | null = null;
    if (core.phase === "running") {
      mismatch = learnFrom(core);
      core.record(this.#stopping !== null && walker.errno !== 0 ? mysqlError(this.#stopping) : undefined);
    } else {
      mismatch = active.state.settle([], walker.stateChanges, null);
    }
    if (active === own) {
      core.status = walker.status;
    }
    core.history.note(core.current, core.status, walker.errno);
    core.phase = "idle";
    if (mismatch !== null) {
      this.#life.endLater("state_mismatch", `${mismatch} has changed at the server`);
      return;
    }
    if (core.answer.holds || core.reader.midCommand) {
      // More than was asked for, or an answer to half a command.
      this.#life.endLater("upstream_lost");
      return;
    }
    core.nextCommand();
  }

  /** A limit of the result is reached, or it may not be shown; between two packets. */
  cutHere(): void {
    const { answer, current, grant, metered } = this.#core;
    const { disagreement } = answer.masked;
    if (disagreement !== null) {
      this.#refuseResult(disagreement);
    } else {
      const error = this.#stopping ?? metered.cut(answer.walker);
      const references = current.id === "" ? {} : { event: current.id };
      this.#cut(mysqlError(error ?? resultTooLarge(answer.walker, grant.connection.limits), references));
    }
    this.#interruptsRest = true;
  }

  #refuseResult(disagreement: Disagreement): void {
    const { answer, current, parts, upstreams } = this.#core;
    const { prepared } = answer.walker.block ?? { prepared: null };
    const error = resultRefused(disagreement);
    parts.audit({
      action: "mask.disagreement",
      result: "refused",
      code: error.code,
      message: error.message,
      object: { kind: "statement", id: current.id, name: current.sql.text },
      detail: { session: parts.id, column: disagreement.column, origin: disagreement.origin },
    });
    this.#cut(mysqlError(error, { event: current.id }));
    if (prepared !== null) {
      upstreams.active.upstream.wire.write(closeStatement(prepared.statementId), false);
    }
  }

  /** Ends the answer for the client with an ERR at a packet boundary; the rest is read and dropped. */
  #cut(shown: MysqlError): void {
    const core = this.#core;
    this.#end(shown);
    core.answer.walker.discard = true;
    core.phase = "draining";
    core.deadline = core.parts.now() + DRAIN_MS;
    core.traffic.drainUpstream();
  }

  #end(shown: MysqlError): void {
    const core = this.#core;
    core.voice.say(writeFrame(writeErr(shown), core.answer.nextSequence));
    core.record(shown);
  }

  /** The deadline has passed. */
  outOfTime(now: number): void {
    const core = this.#core;
    if (core.phase === "draining" || core.phase === "local" || this.#stopping !== null) {
      // Neither the upstream stops nor the client reads.
      this.#life.terminate("upstream_lost");
      return;
    }
    const error = tooSlow(core.grant.connection.limits);
    if (core.answer.canCut && !core.answer.holds && !core.reader.midCommand) {
      this.#cut(mysqlError(error));
      this.#interrupt();
      return;
    }
    const { walker } = core.answer;
    this.#stopping = error;
    core.deadline = now + DRAIN_MS;
    walker.maxRows = Math.min(walker.maxRows, walker.rows);
    core.metered.keepBounds(walker);
    walker.errInstead = writeErr(mysqlError(error));
    this.#interrupt();
  }

  #interrupt(): void {
    this.kill().catch(() => this.#life.terminate("upstream_lost"));
  }

  /** Interrupts the statement upstream; resolves when the upstream was told, or at once when nothing runs. One that waits for people ends here. */
  async kill(): Promise<void> {
    const core = this.#core;
    if (core.parts.gate.interrupt()) return;
    const { number } = core.current;
    const { active } = core.upstreams;
    const isRunning = () =>
      core.current.number === number &&
      core.upstreams.active === active &&
      (core.phase === "running" || core.phase === "draining");
    if (isRunning()) {
      await killUpstreamQuery(active.target, active.upstream.threadId, isRunning);
    }
  }
}

/** COM_STMT_CLOSE, of a prepared statement that the client never heard of. */
function closeStatement(id: number): Buffer {
  return writeFrame(Buffer.concat([Buffer.of(COMMAND.STMT_CLOSE), u32(id)]), 0);
}
