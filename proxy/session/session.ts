import { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { inCompressedFrame, looksCompressed } from "../protocol/compressed-frame";
import { COMMAND, STATUS } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import type { Wire } from "../socket/wire";
import { killUpstreamQuery } from "../upstream/kill-query";
import { OwnQueries } from "../upstream/own-queries";
import { resetSession } from "../upstream/pin-session";
import { refusalOf } from "./admission";
import { AnswerRelay } from "./answer-relay";
import { type Awaited, CommandReader, type CommandSink } from "./command-reader";
import { handlingOf, type RelayHandling } from "./commands";
import { CurrentStatement } from "./current-statement";
import { endError } from "./end-reasons";
import { type Ruling, type StatementRequest, UNDECIDED } from "./gate";
import { killOther } from "./kill-command";
import type { KillRequest } from "./kill-request";
import { limitAnswer, resultTooLarge, tooSlow } from "./limits";
import type { GrantFacts, LoginGrant } from "./ports";
import { PreparedStatements } from "./prepared-statements";
import { longDataParameter, readCommand, statementId } from "./read-command";
import {
  commandRefused,
  compressionRefused,
  doesNotFit,
  INTERRUPTED,
  tooLong,
  tooLongToWait,
  UNKNOWN_STATEMENT,
} from "./refusals";
import type { EndReason, LiveSession } from "./registry";
import { ruleCommand } from "./rule-command";
import type { SessionParts, SessionTotals } from "./session-parts";
import { SessionState } from "./session-state";
import { noteOf, statementFrames } from "./statement-frames";
import { StatementLog } from "./statement-log";
import { Traffic } from "./traffic";

/** Idle; the upstream is answering; the gateway decides or works on an answer of its own; reading a cut answer to its end; only a farewell is left; over. */
type State = "idle" | "running" | "local" | "draining" | "farewell" | "closed";

/** How long a client may take to ask again and so learn why its session ended. */
const FAREWELL_MS = 30_000;
/** How long the upstream may take to stop a statement whose answer was cut. */
const DRAIN_MS = 10_000;
/** How long the upstream may take to reset a session. */
const RESET_MS = 10_000;
const NEVER = Number.POSITIVE_INFINITY;

/** One logged-in client with its own upstream connection: commands go up one at a time, answers come back as they are. */
export class Session implements SessionTotals, CommandSink {
  readonly #parts: SessionParts;
  readonly #grant: LoginGrant;
  readonly #client: Wire;
  readonly #upstream: Wire;
  readonly #answer: AnswerRelay;
  readonly #reader = new CommandReader(this);
  readonly #traffic: Traffic;
  readonly #current = new CurrentStatement();
  readonly #prepared = new PreparedStatements();
  readonly #log: StatementLog;
  readonly startedAt: number;
  #state: State = "idle";
  readonly #session: SessionState;
  #status: number;
  /** What a success of the running statement changes. */
  #ruling: Extract<Ruling, { kind: "forward" }> | null = null;
  /** Of the answer to the current command; its rest is still on the way and will be dropped when it is refused. */
  #sequence = 1;
  #streams = false;
  #checkCompression: boolean;
  #farewell: SallyportError | null = null;
  #farewellTimer: NodeJS.Timeout | null = null;
  /** Epoch milliseconds at which the running statement has taken too long. */
  #deadline = NEVER;
  /** Why the running statement is being stopped, when its answer could not be cut at once. */
  #stopping: SallyportError | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#grant = parts.grant;
    this.#client = parts.client;
    this.#upstream = parts.upstream.wire;
    this.#answer = new AnswerRelay(parts.client, parts.upstream.capabilities, parts.clientCapabilities, () =>
      this.#cut(this.#stopping ?? resultTooLarge(this.#answer.walker, this.#grant.connection.limits)),
    );
    this.#log = new StatementLog(parts.ports.recorder, parts.registry.metrics, parts.id, parts.grant);
    this.#session = new SessionState(parts.pinned, parts.upstream.serverVersion);
    this.#status = parts.upstream.status;
    this.#checkCompression = parts.mayCompress;
    this.startedAt = parts.now();
    this.#traffic = new Traffic(parts.client, parts.upstream.wire, this.#reader, parts.registry.metrics);
    this.#takeUpstream();
    this.#client.handler = {
      onBytes: (bytes, length) => this.#fromClient(bytes, length),
      onDrain: () => this.#traffic.letGo(),
      onGone: () => this.#end("client_lost"),
    };
  }

  #takeUpstream(): void {
    this.#upstream.handler = {
      onBytes: (bytes, length) => this.#fromUpstream(bytes, length),
      onDrain: () => this.#traffic.letGo(),
      onGone: () => this.#upstreamGone(),
    };
  }

  get id(): string {
    return this.#parts.id;
  }

  get wireId(): number {
    return this.#parts.wireId;
  }

  get identityId(): string {
    return this.#grant.identity.id;
  }

  get connectionId(): string {
    return this.#grant.connection.id;
  }

  get facts(): GrantFacts {
    return this.#grant.facts;
  }

  get upstreamThreadId(): number {
    return this.#parts.upstream.threadId;
  }

  get busy(): boolean {
    return this.#state !== "idle" || (this.#status & STATUS.IN_TRANS) !== 0;
  }

  get statementCount(): number {
    return this.#log.count;
  }

  get errorCount(): number {
    return this.#log.errors;
  }

  get bytes(): SessionTotals["bytes"] {
    return this.#traffic.bytes;
  }

  /** Takes what the client sent behind its login in one go. */
  begin(left: Buffer): void {
    this.#client.resume();
    if (left.length > 0) {
      this.#fromClient(left, left.length);
    }
  }

  // From the client

  get ready(): boolean {
    return this.#state === "idle" || this.#state === "farewell";
  }

  #fromClient(bytes: Buffer, length: number): void {
    if (this.#state === "closed") {
      return;
    }
    if (this.#checkCompression) {
      this.#checkCompression = false;
      if (looksCompressed(bytes.subarray(0, length), 0)) {
        const frame = this.#errFrame(mysqlError(compressionRefused()), 1);
        this.#client.end(inCompressedFrame(frame, 1));
        this.#end("protocol_error");
        return;
      }
    }
    this.#current.enter();
    this.#reader.push(bytes, length);
    this.#traffic.holdBack();
    this.#current.leave();
  }

  awaits(code: number): Awaited {
    const handling = handlingOf(code);
    return handling.kind === "relay" ? handling.awaits : "beginning";
  }

  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    if (this.#state === "farewell") {
      this.#sayFarewell(1);
      return false;
    }
    this.#sequence = this.#reader.answerSequence;
    this.#streams = end - at - FRAME_HEADER < length;
    const code = bytes[at + FRAME_HEADER] ?? 0;
    const handling = handlingOf(code);
    switch (handling.kind) {
      case "relay":
        return this.#relay(handling, code, bytes, at, end, length);
      case "one_way":
        return this.#oneWay(code, bytes, at, end);
      case "statistics":
        this.#reply(Buffer.from(this.#statistics(), "latin1"));
        return false;
      case "reset":
        this.#reset();
        return false;
      case "quit":
        this.#end("client_quit");
        return false;
      case "refuse":
        this.#reply(writeErr(mysqlError(commandRefused(code))));
        return false;
      default:
        return handling satisfies never;
    }
  }

  onMore(bytes: Buffer, from: number, to: number): void {
    this.#sendUp(bytes, from, to);
  }

  onComplete(sequence: number, total: number): void {
    if (this.#state === "running") {
      this.#answer.walker.nextSequence = sequence;
      this.#current.setBytes(total - 1);
    }
  }

  onDisorder(): void {
    this.#end("protocol_error");
  }

  #relay(handling: RelayHandling, code: number, bytes: Buffer, at: number, end: number, length: number): boolean {
    const current = this.#current;
    current.begin(code, handling.record, this.#session.schema, this.#parts.now());
    if (!readCommand(current, this.#prepared, bytes, at, end, length)) {
      this.#fail(UNKNOWN_STATEMENT);
      return false;
    }
    const refusal = this.#expired(current.at)
      ? endError("token_expired")
      : refusalOf(handling, this.#parts, this.#prepared, current.at);
    if (refusal !== null) {
      this.#fail(mysqlError(refusal, { event: current.id }));
      return false;
    }
    if (handling.record === null) {
      if (code === COMMAND.STMT_RESET) {
        current.prepared?.longData.clear();
      }
      this.#start(handling, null);
      this.#sendUp(bytes, at, end);
      return true;
    }
    if (this.#streams && handling.awaits === "whole") {
      this.#fail(mysqlError(tooLong(), { event: current.id }));
      return false;
    }
    const request: StatementRequest = {
      id: current.id,
      at: current.at,
      schema: current.schema,
      session: this.#session.facts,
    };
    const ruling = ruleCommand(this.#parts.gate, current, request, bytes, at, end, !this.#streams);
    if (!(ruling instanceof Promise)) {
      return this.#obey(ruling, handling, bytes, at, end);
    }
    if (this.#streams) {
      void ruling;
      this.#fail(mysqlError(tooLongToWait(), { event: current.id }));
      return false;
    }
    this.#obeyLater(ruling, handling, Buffer.from(bytes.subarray(at, end)));
    return false;
  }

  /** Commands that follow wait until this one is decided. */
  #obeyLater(ruling: Promise<Ruling>, handling: RelayHandling, command: Buffer): void {
    const { number } = this.#current;
    this.#state = "local";
    const decided = (result: Ruling) => {
      if (this.#state !== "local" || this.#current.number !== number) {
        return;
      }
      this.#state = "idle";
      this.#current.enter();
      if (this.#expired(this.#parts.now())) {
        this.#fail(mysqlError(endError("token_expired"), { event: this.#current.id }));
      } else {
        this.#obey(result, handling, command, 0, command.length);
      }
      this.#current.leave();
      if (this.ready) {
        this.#nextCommand();
      }
    };
    ruling.then(decided, (error: unknown) =>
      decided({ kind: "refuse", error: internalRefusal(error), references: {}, decision: UNDECIDED }),
    );
  }

  /** Carries a ruling out; returns whether what follows of the command goes upstream too. */
  #obey(ruling: Ruling, handling: RelayHandling, bytes: Buffer, at: number, end: number): boolean {
    const current = this.#current;
    current.decision = ruling.decision;
    switch (ruling.kind) {
      case "forward":
        return this.#forward(ruling, handling, bytes, at, end);
      case "answer_ok":
        this.#record(null);
        this.#reply(simpleOk(this.#status));
        return false;
      case "kill":
        this.#kill(ruling.request);
        return false;
      case "refuse":
        this.#fail(mysqlError(ruling.error, { event: current.id, ...ruling.references }));
        return false;
      default:
        return ruling satisfies never;
    }
  }

  #forward(
    ruling: Extract<Ruling, { kind: "forward" }>,
    handling: RelayHandling,
    bytes: Buffer,
    at: number,
    end: number,
  ): boolean {
    const current = this.#current;
    if (current.code !== COMMAND.QUERY && current.code !== COMMAND.STMT_PREPARE) {
      this.#start(handling, ruling);
      this.#sendUp(bytes, at, end);
      return true;
    }
    const text = ruling.text ?? bytes.subarray(at + FRAME_HEADER + 1, end);
    const frames = statementFrames(current.code, text, ruling.note ? noteOf(current.id) : "", this.#sequence);
    if (frames === null) {
      this.#fail(mysqlError(doesNotFit(), { event: current.id }));
      return false;
    }
    this.#start(handling, ruling);
    this.#upstream.write(frames, false);
    return false;
  }

  /** The upstream is about to answer. */
  #start(handling: RelayHandling, ruling: Extract<Ruling, { kind: "forward" }> | null): void {
    const current = this.#current;
    const { limits } = this.#grant.connection;
    this.#ruling = ruling;
    this.#answer.walker.start(handling.answer, this.#sequence, current.cursor);
    limitAnswer(this.#answer.walker, limits, current.prepared);
    this.#stopping = null;
    this.#deadline = limits.max_seconds === undefined ? NEVER : this.#parts.now() + limits.max_seconds * 1000;
    this.#state = "running";
  }

  #oneWay(code: number, bytes: Buffer, at: number, end: number): boolean {
    const id = statementId(bytes, at, end);
    const known = this.#prepared.get(id);
    if (known === null) {
      return false;
    }
    if (code === COMMAND.STMT_CLOSE) {
      this.#prepared.remove(id);
    } else {
      known.longData.add(longDataParameter(bytes, at, end));
    }
    this.#sendUp(bytes, at, end);
    return true;
  }

  /** COM_RESET_CONNECTION, with the session's pins set again before the client may go on. */
  #reset(): void {
    this.#state = "local";
    this.#current.begin(COMMAND.RESET_CONNECTION, null, this.#session.schema, this.#parts.now());
    this.#deadline = this.#parts.now() + RESET_MS;
    const queries = new OwnQueries(this.#upstream, this.#parts.upstream.capabilities);
    resetSession(queries, this.#parts.pinned).then(
      (pinned) => {
        if (this.#state !== "local") {
          return;
        }
        this.#takeUpstream();
        this.#session.replace(pinned);
        this.#prepared.clear();
        this.#status = STATUS.AUTOCOMMIT;
        this.#deadline = NEVER;
        this.#finishLocal(null);
      },
      () => this.terminate("upstream_lost"),
    );
  }

  #sendUp(bytes: Buffer, from: number, to: number): void {
    this.#upstream.write(bytes.subarray(from, to), true);
  }

  /** Of this session only: what runs upstream is not for clients. */
  #statistics(): string {
    const seconds = Math.round((this.#parts.now() - this.startedAt) / 1000);
    return `Uptime: ${seconds}  Threads: 1  Questions: ${this.#log.count}  Slow queries: 0`;
  }

  // Answers of the gateway's own

  /** Answers a command; one whose end is not awaited ends the session. */
  #reply(payload: Buffer): void {
    const frame = writeFrame(payload, this.#sequence);
    if (this.#streams) {
      this.#client.end(frame);
      this.#end("protocol_error");
    } else {
      this.#client.write(frame, false);
    }
  }

  /** Records the statement as failed and answers with the error. An expired token ends the session with it. */
  #fail(error: MysqlError): void {
    this.#record(error);
    if (this.#expired(this.#parts.now())) {
      this.#client.end(this.#errFrame(error, this.#sequence));
      this.#end("token_expired");
    } else {
      this.#reply(writeErr(error));
    }
  }

  #errFrame(error: MysqlError, sequence: number): Buffer {
    return writeFrame(writeErr(error), sequence);
  }

  #kill(request: KillRequest): void {
    const target: LiveSession | null = this.#parts.registry.findOwn(this.identityId, request.id);
    if (target === this) {
      if (request.statementOnly) {
        this.#fail(INTERRUPTED);
      } else {
        this.#record(null);
        this.terminate("killed");
      }
      return;
    }
    this.#state = "local";
    void killOther(request, target, this.identityId, this.#parts.ports).then((error) => this.#finishLocal(error));
  }

  #finishLocal(error: MysqlError | null): void {
    if (this.#state !== "local") {
      return;
    }
    this.#record(error);
    this.#state = "idle";
    this.#client.write(writeFrame(error === null ? simpleOk(this.#status) : writeErr(error), this.#sequence), false);
    this.#nextCommand();
  }

  // From the upstream

  #fromUpstream(bytes: Buffer, length: number): void {
    if (this.#state === "closed" || this.#state === "farewell") {
      return;
    }
    if (this.#state !== "running" && this.#state !== "draining") {
      // An answer to nothing: the upstream says goodbye, or it cannot be trusted to be in step.
      this.#upstreamGone();
      return;
    }
    this.#current.enter();
    try {
      this.#answer.take(bytes, length);
    } catch {
      this.terminate("upstream_lost");
      return;
    }
    this.#traffic.holdBack();
    if (this.#answer.walker.done) {
      this.#finishAnswer();
    }
    this.#current.leave();
  }

  #finishAnswer(): void {
    const { walker } = this.#answer;
    this.#deadline = NEVER;
    let mismatch: string | null = null;
    if (this.#state === "running") {
      mismatch = this.#learn();
      this.#record(this.#stopping !== null && walker.errno !== 0 ? mysqlError(this.#stopping) : undefined);
    } else {
      mismatch = this.#session.settle([], walker.stateChanges, null);
    }
    this.#status = walker.status;
    this.#state = "idle";
    if (mismatch !== null) {
      this.#endLater("state_mismatch", `${mismatch} has changed at the server`);
      return;
    }
    if (this.#answer.holds || this.#reader.midCommand) {
      // More than was asked for, or an answer to half a command.
      this.#endLater("upstream_lost");
      return;
    }
    this.#nextCommand();
  }

  /** What a finished answer changes for the statements to come. Returns what the server changed that the gateway did not expect. */
  #learn(): string | null {
    const { walker } = this.#answer;
    const current = this.#current;
    const ruling = this.#ruling;
    this.#ruling = null;
    if (current.prepared !== null) {
      current.prepared.cursorRows += walker.rows;
      current.prepared.cursorBytes += walker.bytes;
      if (current.code === COMMAND.STMT_EXECUTE) {
        current.prepared.longData.clear();
      }
    }
    if (walker.prepared !== null && ruling !== null && ruling.prepared !== null) {
      this.#prepared.add(walker.prepared.statementId, current.sql, ruling.prepared, walker.prepared.parameters);
    }
    if (ruling?.changesCatalogue === true) {
      this.#parts.gate.tablesChanged();
    }
    const effects = walker.errno === 0 && ruling !== null ? ruling.effects : [];
    return this.#session.settle(effects, walker.stateChanges, ruling?.decision.statementClass ?? null);
  }

  /** Ends the answer for the client with an ERR at a packet boundary; the rest is read and dropped, and the statement interrupted. */
  #cut(error: SallyportError): void {
    const shown = mysqlError(error);
    this.#client.write(this.#errFrame(shown, this.#answer.walker.nextSequence), false);
    this.#record(shown);
    this.#answer.walker.discard = true;
    this.#state = "draining";
    this.#deadline = this.#parts.now() + DRAIN_MS;
    this.#traffic.drainUpstream();
    this.#interrupt();
  }

  #interrupt(): void {
    this.killStatement().catch(() => this.terminate("upstream_lost"));
  }

  /** `error`: the gateway's own, null for its own success, undefined for what the upstream said. */
  #record(error: MysqlError | null | undefined): void {
    const current = this.#current;
    const { walker } = this.#answer;
    const answered = this.#state === "running";
    this.#log.add(current, {
      rows: answered ? walker.rows : 0,
      affectedRows: answered ? walker.affectedRows : 0,
      bytes: answered ? walker.bytes : 0,
      errno: error === undefined ? walker.errno : (error?.errno ?? 0),
      errMessage: error === undefined ? walker.errMessage : (error?.message ?? ""),
    });
  }

  #nextCommand(): void {
    this.#reader.pump();
    this.#traffic.letGo();
  }

  // Life and death

  #expired(now: number): boolean {
    return now >= this.#grant.tokenExpiresAt.getTime();
  }

  tick(now: number): void {
    this.#traffic.count();
    if (this.#state === "idle" && this.#expired(now)) {
      this.#endLater("token_expired");
    } else if (now >= this.#deadline) {
      this.#outOfTime(now);
    }
  }

  #outOfTime(now: number): void {
    if (this.#state === "draining" || this.#state === "local" || this.#stopping !== null) {
      // Neither the upstream stops nor the client reads.
      this.terminate("upstream_lost");
      return;
    }
    const error = tooSlow(this.#grant.connection.limits);
    if (this.#answer.canCut && !this.#answer.holds && !this.#reader.midCommand) {
      this.#cut(error);
      return;
    }
    const { walker } = this.#answer;
    this.#stopping = error;
    this.#deadline = now + DRAIN_MS;
    walker.maxRows = Math.min(walker.maxRows, walker.rows);
    walker.errInstead = writeErr(mysqlError(error));
    this.#interrupt();
  }

  async killStatement(): Promise<void> {
    const { number } = this.#current;
    const isRunning = () =>
      this.#current.number === number && (this.#state === "running" || this.#state === "draining");
    if (isRunning()) {
      await killUpstreamQuery(this.#grant.connection.upstream, this.upstreamThreadId, isRunning);
    }
  }

  terminate(reason: EndReason): void {
    if (this.#state === "closed" || this.#state === "farewell") {
      return;
    }
    if (this.#state === "idle" && (reason === "revoked" || reason === "token_expired")) {
      this.#endLater(reason);
      return;
    }
    const cutsHere = this.#state === "running" && this.#answer.canCut && !this.#reader.midCommand;
    if (this.#state === "local" || cutsHere) {
      const shown = mysqlError(endError(reason));
      const sequence = cutsHere ? this.#answer.walker.nextSequence : this.#sequence;
      this.#record(shown);
      this.#client.end(this.#errFrame(shown, sequence));
    }
    this.#end(reason);
  }

  #upstreamGone(): void {
    if (this.#state === "idle") {
      this.#endLater("upstream_lost");
    } else {
      this.terminate("upstream_lost");
    }
  }

  /** Ends the session upstream now, and tells the client why when it asks next. */
  #endLater(reason: EndReason, detail: string | null = null): void {
    this.#close(reason, detail);
    this.#farewell = endError(reason);
    this.#state = "farewell";
    this.#farewellTimer = setTimeout(() => this.#sayFarewell(0), FAREWELL_MS);
    this.#traffic.letGo();
    this.#reader.pump();
  }

  #sayFarewell(sequence: number): void {
    this.#client.end(this.#errFrame(mysqlError(this.#farewell), sequence));
    this.#end("client_lost");
  }

  #end(reason: EndReason): void {
    const before = this.#state;
    if (before === "closed") {
      return;
    }
    if (this.#farewellTimer !== null) {
      clearTimeout(this.#farewellTimer);
    }
    if (before !== "farewell") {
      this.#close(reason);
    }
    this.#state = "closed";
    this.#client.end();
  }

  /** Rolls back and frees what the session holds upstream. A statement that runs is interrupted, for closing alone does not stop it. */
  #close(reason: EndReason, detail: string | null = null): void {
    if (this.#state === "running" || this.#state === "draining") {
      this.#record(mysqlError(endError(reason)));
      const { upstream } = this.#grant.connection;
      killUpstreamQuery(upstream, this.upstreamThreadId, () => true).catch(() => undefined);
    }
    this.#upstream.destroy();
    this.#prepared.clear();
    this.#answer.clear();
    this.#traffic.count();
    this.#parts.onEnd(this, reason, detail);
  }
}

/** A fault of the gateway's own in deciding: nothing is sent upstream, and its text stays in the gateway. */
function internalRefusal(cause: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", "The gateway could not decide on the statement", {
    next: "Try again, then ask the gateway's operator",
    cause,
  });
}
