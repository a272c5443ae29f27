import type { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { inCompressedFrame, looksCompressed } from "../protocol/compressed-frame";
import { COMMAND, MAX_PAYLOAD, STATUS } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import type { Wire } from "../socket/wire";
import { killUpstreamQuery } from "../upstream/kill-query";
import { refusalOf } from "./admission";
import { AnswerRelay } from "./answer-relay";
import { CommandReader, type CommandSink } from "./command-reader";
import { handlingOf, type RelayHandling } from "./commands";
import { CurrentStatement } from "./current-statement";
import { endError } from "./end-reasons";
import { killOther } from "./kill-command";
import type { KillRequest } from "./kill-statement";
import { limitAnswer, resultTooLarge, tooSlow } from "./limits";
import type { GrantFacts, LoginGrant } from "./ports";
import { PreparedStatements } from "./prepared-statements";
import { readCommand, statementId } from "./read-command";
import { commandRefused, compressionRefused, INTERRUPTED, killNotUnderstood, UNKNOWN_STATEMENT } from "./refusals";
import type { EndReason, LiveSession } from "./registry";
import type { SessionParts, SessionTotals } from "./session-parts";
import { StatementLog } from "./statement-log";
import { Traffic } from "./traffic";

/** Idle; the upstream is answering; the gateway works on an answer of its own; reading a cut answer to its end; only a farewell is left; over. */
type State = "idle" | "running" | "local" | "draining" | "farewell" | "closed";

/** How long a client may take to ask again and so learn why its session ended. */
const FAREWELL_MS = 30_000;
/** How long the upstream may take to stop a statement whose answer was cut. */
const DRAIN_MS = 10_000;
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
  #schema: string | null;
  #status: number;
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
    this.#schema = parts.upstream.schema;
    this.#status = parts.upstream.status;
    this.#checkCompression = parts.mayCompress;
    this.startedAt = parts.now();
    this.#traffic = new Traffic(parts.client, parts.upstream.wire, this.#reader, parts.registry.metrics);
    this.#upstream.handler = {
      onBytes: (bytes, length) => this.#fromUpstream(bytes, length),
      onDrain: () => this.#traffic.letGo(),
      onGone: () => this.#upstreamGone(),
    };
    this.#client.handler = {
      onBytes: (bytes, length) => this.#fromClient(bytes, length),
      onDrain: () => this.#traffic.letGo(),
      onGone: () => this.#end("client_lost"),
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

  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    if (this.#state === "farewell") {
      this.#sayFarewell(1);
      return false;
    }
    const code = bytes[at + FRAME_HEADER] ?? 0;
    const handling = handlingOf(code);
    switch (handling.kind) {
      case "relay":
        return this.#relay(handling, code, bytes, at, end, length);
      case "one_way":
        return this.#oneWay(code, bytes, at, end);
      case "statistics":
        this.#reply(Buffer.from(this.#statistics(), "latin1"), length);
        return false;
      case "quit":
        this.#end("client_quit");
        return false;
      case "refuse":
        this.#reply(writeErr(mysqlError(commandRefused(code))), length);
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
    current.begin(code, handling.record, this.#schema, this.#parts.now());
    const reading = readCommand(current, this.#prepared, bytes, at, end, length);
    if (reading === "unknown_statement") {
      this.#fail(UNKNOWN_STATEMENT, length);
      return false;
    }
    const refusal = this.#expired(current.at)
      ? endError("token_expired")
      : reading === "not_understood"
        ? killNotUnderstood()
        : refusalOf(handling, this.#parts, this.#prepared, current.at);
    if (refusal !== null) {
      this.#fail(mysqlError(refusal), length);
      return false;
    }
    if (reading !== "relay" && reading !== "not_understood") {
      this.#kill(reading, length);
      return false;
    }
    const { limits } = this.#grant.connection;
    this.#answer.walker.start(handling.answer, 1, current.cursor);
    limitAnswer(this.#answer.walker, limits, current.prepared);
    this.#stopping = null;
    this.#deadline = limits.max_seconds === undefined ? NEVER : current.at + limits.max_seconds * 1000;
    this.#state = "running";
    this.#sendUp(bytes, at, end);
    return true;
  }

  #oneWay(code: number, bytes: Buffer, at: number, end: number): boolean {
    const id = statementId(bytes, at, end);
    if (this.#prepared.get(id) === null) {
      return false;
    }
    if (code === COMMAND.STMT_CLOSE) {
      this.#prepared.remove(id);
    }
    this.#sendUp(bytes, at, end);
    return true;
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

  /** Answers a command of one packet; longer ones that are refused end the session, for their end is not awaited. */
  #reply(payload: Buffer, length: number): void {
    const frame = writeFrame(payload, 1);
    if (length >= MAX_PAYLOAD) {
      this.#client.end(frame);
      this.#end("protocol_error");
    } else {
      this.#client.write(frame, false);
    }
  }

  /** Records the statement as failed and answers with the error. An expired token ends the session with it. */
  #fail(error: MysqlError, length: number): void {
    this.#record(error);
    if (this.#expired(this.#current.at)) {
      this.#client.end(this.#errFrame(error, 1));
      this.#end("token_expired");
    } else {
      this.#reply(writeErr(error), length);
    }
  }

  #errFrame(error: MysqlError, sequence: number): Buffer {
    return writeFrame(writeErr(error), sequence);
  }

  #kill(request: KillRequest, length: number): void {
    const target: LiveSession | null = this.#parts.registry.findOwn(this.identityId, request.id);
    if (target === this) {
      if (request.statementOnly) {
        this.#fail(INTERRUPTED, length);
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
    this.#client.write(writeFrame(error === null ? simpleOk(this.#status) : writeErr(error), 1), false);
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
    if (this.#state === "running") {
      this.#learn();
      this.#record(this.#stopping !== null && walker.errno !== 0 ? mysqlError(this.#stopping) : undefined);
    }
    this.#status = walker.status;
    this.#state = "idle";
    if (this.#answer.holds || this.#reader.midCommand) {
      // More than was asked for, or an answer to half a command.
      this.#endLater("upstream_lost");
      return;
    }
    this.#nextCommand();
  }

  /** What a finished answer changes for the statements to come. */
  #learn(): void {
    const { walker } = this.#answer;
    const current = this.#current;
    if (walker.schema !== null) {
      this.#schema = walker.schema === "" ? null : walker.schema;
    } else if (current.code === COMMAND.INIT_DB && walker.errno === 0) {
      this.#schema = current.sql.text;
    }
    if (walker.prepared !== null) {
      this.#prepared.add(walker.prepared.statementId, current.sql);
    }
    if (current.code === COMMAND.RESET_CONNECTION && walker.errno === 0) {
      this.#prepared.clear();
    }
    if (current.prepared !== null) {
      current.prepared.cursorRows += walker.rows;
      current.prepared.cursorBytes += walker.bytes;
    }
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
    if (this.#state === "draining" || this.#stopping !== null) {
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
      const sequence = cutsHere ? this.#answer.walker.nextSequence : 1;
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
  #endLater(reason: EndReason): void {
    this.#close(reason);
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
  #close(reason: EndReason): void {
    if (this.#state === "running" || this.#state === "draining") {
      this.#record(mysqlError(endError(reason)));
      const { upstream } = this.#grant.connection;
      killUpstreamQuery(upstream, this.upstreamThreadId, () => true).catch(() => undefined);
    }
    this.#upstream.destroy();
    this.#prepared.clear();
    this.#answer.clear();
    this.#traffic.count();
    this.#parts.onEnd(this, reason);
  }
}
