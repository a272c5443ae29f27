import type { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import type { ResultPlan } from "@/lib/masking/result-plan";
import type { Disagreement } from "../masking/check-definitions";
import { COMMAND } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { u32 } from "../protocol/packet-writer";
import { killUpstreamQuery } from "../upstream/kill-query";
import type { RelayHandling } from "./commands";
import type { Ruling } from "./gate";
import { limitAnswer, resultTooLarge, tooSlow } from "./limits";
import { resultRefused } from "./mask-refusals";
import type { PreparedStatement } from "./prepared-statements";
import { NEVER, type SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";

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

  constructor(core: SessionCore, life: SessionLife) {
    this.#core = core;
    this.#life = life;
  }

  /** The upstream is about to answer. */
  start(handling: RelayHandling, ruling: Extract<Ruling, { kind: "forward" }> | null): void {
    const core = this.#core;
    const { walker } = core.answer;
    const { limits } = core.grant.connection;
    core.ruling = ruling;
    walker.start(handling.answer, core.sequence, core.current.cursor);
    this.#mask(ruling?.result ?? null);
    limitAnswer(walker, limits, core.current.prepared);
    this.#stopping = null;
    this.#interruptsRest = false;
    core.deadline = limits.max_seconds === undefined ? NEVER : core.parts.now() + limits.max_seconds * 1000;
    core.phase = "running";
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

  take(bytes: Buffer, length: number): void {
    const core = this.#core;
    if (core.phase === "closed" || core.phase === "farewell") {
      return;
    }
    if (core.phase !== "running" && core.phase !== "draining") {
      // An answer to nothing: the upstream says goodbye, or it cannot be trusted to be in step.
      this.#life.upstreamGone();
      return;
    }
    core.current.enter();
    try {
      core.answer.take(bytes, length);
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

  #finish(): void {
    const core = this.#core;
    const { walker } = core.answer;
    core.deadline = NEVER;
    let mismatch: string | null = null;
    if (core.phase === "running") {
      mismatch = this.#learn();
      core.record(this.#stopping !== null && walker.errno !== 0 ? mysqlError(this.#stopping) : undefined);
    } else {
      mismatch = core.server.settle([], walker.stateChanges, null);
    }
    core.status = walker.status;
    core.history.note(core.current, walker.status, walker.errno);
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

  /** What a finished answer changes for the statements to come. Returns what the server changed that the gateway did not expect. */
  #learn(): string | null {
    const core = this.#core;
    const { walker } = core.answer;
    const { current, ruling } = core;
    core.ruling = null;
    if (current.prepared !== null) {
      current.prepared.cursorRows += walker.rows;
      current.prepared.cursorBytes += walker.bytes;
      if (current.code === COMMAND.STMT_EXECUTE) {
        current.prepared.longData.clear();
        this.#keepCursor(current.prepared, ruling?.result ?? null);
      }
    }
    if (walker.errno === 0 && ruling?.clearsWarnings === true && current.code !== COMMAND.STMT_PREPARE) {
      core.warningsQuote &&= ruling.result?.scrub === true;
    }
    if (walker.prepared !== null && ruling !== null && ruling.prepared !== null) {
      core.prepared.add(walker.prepared.statementId, current.sql, ruling.prepared, walker.prepared.parameters);
    }
    if (ruling?.changesCatalogue === true) {
      core.parts.gate.tablesChanged();
    }
    const effects = walker.errno === 0 && ruling !== null ? ruling.effects : [];
    return core.server.settle(effects, walker.stateChanges, ruling?.decision.statementClass ?? null);
  }

  #keepCursor(prepared: PreparedStatement, plan: ResultPlan | null): void {
    const { answer } = this.#core;
    prepared.cursor =
      answer.walker.errno === 0 ? { plan, columns: plan === null ? null : answer.masked.columns } : null;
  }

  /** A limit of the result is reached, or it may not be shown; between two packets. */
  cutHere(): void {
    const { answer, grant } = this.#core;
    const { disagreement } = answer.masked;
    if (disagreement !== null) {
      this.#refuseResult(disagreement);
    } else {
      this.#cut(mysqlError(this.#stopping ?? resultTooLarge(answer.walker, grant.connection.limits)));
    }
    this.#interruptsRest = true;
  }

  #refuseResult(disagreement: Disagreement): void {
    const { answer, current, parts } = this.#core;
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
      parts.upstream.wire.write(closeStatement(prepared.statementId), false);
    }
  }

  /** Ends the answer for the client with an ERR at a packet boundary; the rest is read and dropped. */
  #cut(shown: MysqlError): void {
    const core = this.#core;
    const { walker } = core.answer;
    core.parts.client.write(writeFrame(writeErr(shown), core.answer.nextSequence), false);
    core.record(shown);
    walker.discard = true;
    core.phase = "draining";
    core.deadline = core.parts.now() + DRAIN_MS;
    core.traffic.drainUpstream();
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
    const isRunning = () => core.current.number === number && (core.phase === "running" || core.phase === "draining");
    if (isRunning()) {
      await killUpstreamQuery(core.grant.connection.upstream, core.parts.upstream.threadId, isRunning);
    }
  }
}

/** COM_STMT_CLOSE, of a prepared statement that the client never heard of. */
function closeStatement(id: number): Buffer {
  return writeFrame(Buffer.concat([Buffer.of(COMMAND.STMT_CLOSE), u32(id)]), 0);
}
