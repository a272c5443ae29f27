import { SallyportError } from "@/lib/errors/error";
import { type MysqlError, mysqlError } from "@/lib/errors/mysql";
import { inCompressedFrame, looksCompressed } from "../protocol/compressed-frame";
import { COMMAND, SERVER_ERROR, STATUS } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import { ResponseWalker, STOP } from "../protocol/response-walker";
import { Carry } from "../socket/carry";
import type { Wire } from "../socket/wire";
import type { Upstream } from "../upstream/connect";
import { killUpstreamQuery } from "../upstream/kill-query";
import { CommandReader, type CommandSink } from "./command-reader";
import { commandLabel, handlingOf } from "./commands";
import { CurrentStatement } from "./current-statement";
import { endError } from "./end-reasons";
import { isBlank, type KillRequest, readKill } from "./kill-statement";
import type { GatewayPorts, GrantFacts, LoginGrant } from "./ports";
import { PreparedStatements } from "./prepared-statements";
import type { EndReason, LiveSession, SessionRegistry } from "./registry";
import { recordedSql, StatementLog } from "./statement-log";
import type { StatementRate } from "./statement-rate";

/** Idle; the upstream is answering; the gateway is working on an answer of its own; reading a cut answer to its end; only a farewell is left; over. */
type State = "idle" | "running" | "local" | "draining" | "farewell" | "closed";

/** How long a client may take to ask again and so learn why its session ended. */
const FAREWELL_MS = 30_000;
/** How long the upstream may take to stop a statement whose answer was cut. */
const DRAIN_MS = 10_000;

export interface SessionParts {
  readonly id: string;
  readonly wireId: number;
  readonly client: Wire;
  readonly clientCapabilities: number;
  /** The client set CLIENT_COMPRESS, which is never offered. */
  readonly mayCompress: boolean;
  readonly upstream: Upstream;
  readonly grant: LoginGrant;
  readonly rate: StatementRate | null;
  readonly ports: GatewayPorts;
  readonly registry: SessionRegistry;
  readonly now: () => number;
  /** Told once, when the session is over. */
  readonly onEnd: (session: Session, reason: EndReason) => void;
}

/** One logged-in client with its own upstream connection: commands go up one at a time, answers come back as they are. */
export class Session implements LiveSession, CommandSink {
  readonly #parts: SessionParts;
  readonly #client: Wire;
  readonly #upstream: Wire;
  readonly #walker: ResponseWalker;
  readonly #reader = new CommandReader(this);
  readonly #held = new Carry();
  readonly #current = new CurrentStatement();
  readonly #prepared = new PreparedStatements();
  readonly #log: StatementLog;
  readonly startedAt: number;
  #state: State = "idle";
  #schema: string | null;
  #status: number;
  #clientPaused = false;
  #upstreamPaused = false;
  #checkCompression: boolean;
  #farewell: SallyportError | null = null;
  #deadline = Number.POSITIVE_INFINITY;
  #limitReached: SallyportError | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#client = parts.client;
    this.#upstream = parts.upstream.wire;
    this.#walker = new ResponseWalker(parts.upstream.capabilities, parts.clientCapabilities);
    this.#log = new StatementLog(parts.ports.recorder, parts.id, parts.grant);
    this.#schema = parts.upstream.schema;
    this.#status = parts.upstream.status;
    this.#checkCompression = parts.mayCompress;
    this.startedAt = parts.now();
    this.#upstream.handler = {
      onBytes: (bytes, length) => this.#fromUpstream(bytes, length),
      onDrain: () => this.#resumeClient(),
      onGone: () => this.#upstreamGone(),
    };
    this.#client.handler = {
      onBytes: (bytes, length) => this.#fromClient(bytes, length),
      onDrain: () => this.#resumeUpstream(),
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
    return this.#parts.grant.identity.id;
  }

  get connectionId(): string {
    return this.#parts.grant.connection.id;
  }

  get facts(): GrantFacts {
    return this.#parts.grant.facts;
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

  /** Bytes from and to the client since its login. */
  get bytes(): { readonly in: number; readonly out: number } {
    return { in: this.#client.bytesRead, out: this.#client.bytesWritten };
  }

  /** Takes what the client sent behind its login in one go. */
  begin(left: Buffer): void {
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
        this.#refuseCompression();
        return;
      }
    }
    this.#current.enter();
    this.#reader.push(bytes, length);
    this.#current.leave();
    if (this.#reader.full && !this.#clientPaused) {
      this.#clientPaused = true;
      this.#client.pause();
    }
  }

  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    if (this.#state === "farewell") {
      this.#client.end(this.#errFrame(mysqlError(this.#farewell), 1));
      this.#state = "closed";
      return false;
    }
    const command = bytes[at + FRAME_HEADER] ?? 0;
    const handling = handlingOf(command);
    switch (handling.kind) {
      case "relay":
        return this.#relay(handling, command, bytes, at, end, length);
      case "one_way":
        return this.#oneWay(command, bytes, at, end, length);
      case "statistics":
        this.#answer(Buffer.from(this.#statistics(), "latin1"), length);
        return false;
      case "quit":
        this.#end("client_quit");
        return false;
      case "refuse":
        this.#refuse(
          new SallyportError("COMMAND_REFUSED", `${commandLabel(command)} is not available through the gateway`, {
            next: "Use statements; the session goes on",
          }),
          length,
        );
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
      this.#walker.nextSequence = sequence;
      this.#current.setBytes(total - 1);
    }
  }

  onDisorder(): void {
    this.#end("protocol_error");
  }

  #relay(
    handling: Extract<ReturnType<typeof handlingOf>, { kind: "relay" }>,
    command: number,
    bytes: Buffer,
    at: number,
    end: number,
    length: number,
  ): boolean {
    const body = at + FRAME_HEADER + 1;
    const textEnd = Math.min(end, at + FRAME_HEADER + length);
    const statement = this.#current;
    let cursor = false;
    statement.begin(handling.record, this.#schema, this.#parts.now());
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#limitReached = null;
    switch (command) {
      case COMMAND.QUERY:
      case COMMAND.STMT_PREPARE: {
        statement.sql = recordedSql(bytes, body, textEnd, length - 1);
        const text = bytes.subarray(body, textEnd);
        const kill = readKill(text);
        if (kill !== null || (end < at + FRAME_HEADER + length && isBlank(text))) {
          this.#kill(command === COMMAND.QUERY ? kill : "refused", length);
          return false;
        }
        break;
      }
      case COMMAND.INIT_DB:
      case COMMAND.FIELD_LIST: {
        const nul = bytes.subarray(body, textEnd).indexOf(0);
        statement.sql = recordedSql(bytes, body, nul < 0 ? textEnd : body + nul, nul < 0 ? length - 1 : nul);
        break;
      }
      case COMMAND.STMT_EXECUTE:
      case COMMAND.STMT_FETCH:
      case COMMAND.STMT_RESET: {
        const known = length >= 5 && textEnd - body >= 4 ? this.#prepared.get(bytes.readUInt32LE(body)) : null;
        if (known === null) {
          this.#fail(
            { errno: SERVER_ERROR.UNKNOWN_STATEMENT, sqlState: "HY000", message: "Unknown prepared statement handler" },
            length,
          );
          return false;
        }
        statement.prepared = known;
        statement.sql = known.sql;
        cursor = command === COMMAND.STMT_EXECUTE && textEnd - body >= 5 && bytes[body + 4] !== 0;
        if (command !== COMMAND.STMT_FETCH) {
          known.cursorRows = 0;
          known.cursorBytes = 0;
        }
        break;
      }
    }
    const refusal = handling.record === null ? null : this.#refusal(command);
    if (refusal !== null) {
      this.#refuse(refusal, length);
      return false;
    }
    this.#walker.start(handling.answer, 1, cursor);
    this.#applyLimits();
    this.#state = "running";
    this.#sendUp(bytes, at, end);
    return true;
  }

  /** Why this statement may not run now. */
  #refusal(command: number): SallyportError | null {
    const { recorder } = this.#parts.ports;
    const now = this.#current.at;
    if (now >= this.#parts.grant.tokenExpiresAt.getTime()) {
      this.#endLater("token_expired");
      return this.#farewell;
    }
    if (!recorder.accepts()) {
      return new SallyportError("UNAVAILABLE", "The gateway cannot record statements now, and runs none unrecorded", {
        next: "Try again in a moment",
      });
    }
    if (command === COMMAND.STMT_PREPARE) {
      return this.#prepared.full
        ? new SallyportError("LIMIT_EXCEEDED", "The session holds too many prepared statements", { next: "Close some" })
        : null;
    }
    if (this.#parts.rate !== null && !this.#parts.rate.take(now)) {
      const most = this.#parts.grant.connection.limits.statements_per_minute ?? 0;
      return new SallyportError("LIMIT_EXCEEDED", `More than ${most} statements in a minute`, { next: "Slow down" });
    }
    return null;
  }

  #applyLimits(): void {
    const { limits } = this.#parts.grant.connection;
    const cursor = this.#current.prepared;
    if (limits.max_rows !== undefined) {
      this.#walker.maxRows = limits.max_rows - (cursor?.cursorRows ?? 0);
    }
    if (limits.max_result_bytes !== undefined) {
      this.#walker.maxBytes = limits.max_result_bytes - (cursor?.cursorBytes ?? 0);
    }
    if (limits.max_seconds !== undefined) {
      this.#deadline = this.#current.at + limits.max_seconds * 1000;
    }
  }

  #oneWay(command: number, bytes: Buffer, at: number, end: number, length: number): boolean {
    const body = at + FRAME_HEADER + 1;
    const id = length >= 5 && end - body >= 4 ? bytes.readUInt32LE(body) : -1;
    if (this.#prepared.get(id) === null) {
      return false;
    }
    if (command === COMMAND.STMT_CLOSE) {
      this.#prepared.remove(id);
    }
    this.#sendUp(bytes, at, end);
    return true;
  }

  #sendUp(bytes: Buffer, from: number, to: number): void {
    this.#upstream.write(bytes.subarray(from, to), true);
    if (this.#upstream.full && !this.#clientPaused) {
      this.#clientPaused = true;
      this.#client.pause();
    }
  }

  #statistics(): string {
    const seconds = Math.round((this.#parts.now() - this.startedAt) / 1000);
    return `Uptime: ${seconds}  Threads: 1  Questions: ${this.#log.count}  Slow queries: 0`;
  }

  // Answers of the gateway's own

  /** Answers a command of one packet; longer ones that are refused end the session, for their end is not awaited. */
  #answer(payload: Buffer, length: number): void {
    const frame = writeFrame(payload, 1);
    if (length > 0xff_fffe) {
      this.#client.end(frame);
      this.#end("protocol_error");
      return;
    }
    this.#client.write(frame, false);
  }

  #refuse(error: SallyportError, length: number): void {
    this.#fail(mysqlError(error, this.#reference()), length);
  }

  #reference(): { event?: string } {
    return {};
  }

  #fail(error: MysqlError, length: number): void {
    this.#record(error);
    if (this.#state === "farewell") {
      this.#client.end(this.#errFrame(error, 1));
      this.#state = "closed";
      return;
    }
    this.#answer(writeErr(error), length);
  }

  #errFrame(error: MysqlError, sequence: number): Buffer {
    return writeFrame(writeErr(error), sequence);
  }

  #refuseCompression(): void {
    const error = new SallyportError(
      "PROTOCOL_ERROR",
      "The client sends compressed packets, which the gateway did not offer",
      {
        next: "Turn compression off in the client",
      },
    );
    this.#client.end(inCompressedFrame(this.#errFrame(mysqlError(error), 1), 1));
    this.#end("protocol_error");
  }

  // KILL

  #kill(request: KillRequest | "refused" | null, length: number): void {
    if (request === null || request === "refused") {
      this.#refuse(
        new SallyportError("NOT_UNDERSTOOD", "Only KILL [CONNECTION | QUERY] with a number is understood", {
          next: "Give the connection id of one of your own sessions",
        }),
        length,
      );
      return;
    }
    const target: LiveSession | null = this.#parts.registry.findOwn(this.identityId, request.id);
    if (target === this) {
      this.#killSelf(request.statementOnly, length);
      return;
    }
    this.#state = "local";
    this.#killOther(target, request).then(
      (found) => this.#answerKill(found, request.id),
      (error: unknown) => this.#finishLocal(writeErr(this.#recordFailure(mysqlError(error)))),
    );
  }

  #killSelf(statementOnly: boolean, length: number): void {
    if (statementOnly) {
      this.#fail(
        { errno: SERVER_ERROR.QUERY_INTERRUPTED, sqlState: "70100", message: "Query execution was interrupted" },
        length,
      );
    } else {
      this.#record(null);
      this.terminate("killed");
    }
  }

  async #killOther(target: LiveSession | null, request: KillRequest): Promise<boolean> {
    if (target === null) {
      return await this.#parts.ports.killElsewhere(this.identityId, request.id, request.statementOnly);
    }
    if (request.statementOnly) {
      await target.killStatement();
    } else {
      target.terminate("killed");
    }
    return true;
  }

  #answerKill(found: boolean, id: number): void {
    if (found) {
      this.#record(null);
      this.#finishLocal(simpleOk(this.#status));
      return;
    }
    const error = { errno: SERVER_ERROR.NO_SUCH_THREAD, sqlState: "HY000", message: `Unknown thread id: ${id}` };
    this.#finishLocal(writeErr(this.#recordFailure(error)));
  }

  #recordFailure(error: MysqlError): MysqlError {
    this.#record(error);
    return error;
  }

  #finishLocal(payload: Buffer): void {
    if (this.#state !== "local") {
      return;
    }
    this.#state = "idle";
    this.#client.write(writeFrame(payload, 1), false);
    this.#nextCommand();
  }

  // From the upstream

  #fromUpstream(bytes: Buffer, length: number): void {
    if (this.#state === "closed" || this.#state === "farewell") {
      return;
    }
    if (this.#state !== "running" && this.#state !== "draining") {
      // An answer to nothing: the upstream says goodbye, or it cannot be trusted to be in step.
      this.#endLater("upstream_lost");
      return;
    }
    this.#current.enter();
    try {
      if (this.#held.length === 0) {
        const used = this.#walkAnswer(bytes, length);
        this.#held.append(bytes, used, length);
      } else {
        this.#held.append(bytes, 0, length);
        const all = this.#held.view();
        this.#held.consume(this.#walkAnswer(all, all.length));
      }
    } catch {
      this.terminate("upstream_lost");
      return;
    }
    this.#afterAnswer();
    this.#current.leave();
  }

  /** Sends on what may pass of `bytes[0, length)`, in one write. Returns how much is dealt with. */
  #walkAnswer(bytes: Buffer, length: number): number {
    const walker = this.#walker;
    let parts: Buffer[] | null = null;
    let from = 0;
    let at = 0;
    for (;;) {
      at = walker.walk(bytes, at, length);
      if (walker.stop === STOP.REPLACE) {
        parts ??= [];
        parts.push(bytes.subarray(from, at), walker.replacement ?? Buffer.alloc(0));
        at = walker.resumeAt;
        from = at;
        continue;
      }
      break;
    }
    if (!walker.discard) {
      this.#sendDown(parts, bytes.subarray(from, at));
    }
    if (walker.stop === STOP.LIMIT) {
      this.#cut(this.#limitReached ?? this.#limitError());
      return at + this.#discardFrom(bytes, at, length);
    }
    return at;
  }

  #discardFrom(bytes: Buffer, at: number, length: number): number {
    return this.#walker.walk(bytes, at, length) - at;
  }

  #sendDown(parts: Buffer[] | null, run: Buffer): void {
    if (parts !== null) {
      parts.push(run);
      this.#client.write(Buffer.concat(parts), false);
    } else if (run.length > 0) {
      this.#client.write(run, true);
    }
    if (this.#client.full && !this.#upstreamPaused) {
      this.#upstreamPaused = true;
      this.#upstream.pause();
    }
  }

  #limitError(): SallyportError {
    const { max_rows: rows, max_result_bytes: bytes } = this.#parts.grant.connection.limits;
    const byRows = rows !== undefined && this.#walker.rows >= this.#walker.maxRows;
    return byRows
      ? new SallyportError("LIMIT_EXCEEDED", `The result has more than ${rows} rows`, {
          next: "Ask for fewer, for example with LIMIT",
        })
      : new SallyportError("LIMIT_EXCEEDED", `The result has more than ${bytes ?? 0} bytes`, {
          next: "Ask for fewer or shorter rows",
        });
  }

  /** Ends the answer for the client with an ERR at a packet boundary; the rest is read and dropped, and the statement interrupted. */
  #cut(error: SallyportError): void {
    const shown = mysqlError(error, this.#reference());
    this.#client.write(this.#errFrame(shown, this.#walker.nextSequence), false);
    this.#record(shown);
    this.#walker.discard = true;
    this.#state = "draining";
    this.#deadline = this.#parts.now() + DRAIN_MS;
    this.killStatement().catch(() => this.terminate("upstream_lost"));
  }

  #afterAnswer(): void {
    if (!this.#walker.done) {
      return;
    }
    if (this.#held.length > 0 || this.#reader.midCommand) {
      // More than was asked for, or an answer to half a command.
      this.#finishStatement();
      this.#endLater("upstream_lost");
      return;
    }
    this.#finishStatement();
    this.#nextCommand();
  }

  #finishStatement(): void {
    const walker = this.#walker;
    this.#status = walker.status;
    this.#deadline = Number.POSITIVE_INFINITY;
    if (this.#state === "running") {
      this.#learn();
      this.#record(this.#limitReached === null || walker.errno === 0 ? undefined : mysqlError(this.#limitReached));
    }
    this.#state = "idle";
  }

  /** What a finished answer changes for the statements to come. */
  #learn(): void {
    const walker = this.#walker;
    const statement = this.#current;
    if (walker.schema !== null) {
      this.#schema = walker.schema === "" ? null : walker.schema;
    } else if (statement.command === "init_db" && walker.errno === 0) {
      this.#schema = statement.sql.text;
    }
    if (walker.prepared !== null) {
      this.#prepared.add(walker.prepared.statementId, statement.sql);
    }
    if (statement.prepared !== null) {
      statement.prepared.cursorRows += walker.rows;
      statement.prepared.cursorBytes += walker.bytes;
    }
  }

  /** `error`: the gateway's own, null for its own success, undefined for what the upstream said. */
  #record(error: MysqlError | null | undefined): void {
    const statement = this.#current;
    const { metrics } = this.#parts.registry;
    const command = statement.command;
    if (command === null) {
      return;
    }
    statement.command = null;
    const fromUpstream = this.#state === "running" || this.#state === "draining";
    const walker = this.#walker;
    const outcome = {
      rows: fromUpstream ? walker.rows : 0,
      affectedRows: fromUpstream ? walker.affectedRows : 0,
      bytes: fromUpstream ? walker.bytes : 0,
      errno: error === undefined ? walker.errno : (error?.errno ?? 0),
      errMessage: error === undefined ? walker.errMessage : (error?.message ?? ""),
    };
    this.#log.add(command, statement.sql, statement.schema, statement.at, statement.elapsedUs(), outcome);
    metrics.statements += 1;
    metrics.statementErrors += outcome.errno === 0 ? 0 : 1;
    metrics.countAddedTime(statement.takeAddedUs());
  }

  #nextCommand(): void {
    this.#reader.pump();
    this.#resumeClient();
  }

  // Back-pressure

  #resumeClient(): void {
    if (this.#clientPaused && !this.#reader.full && !this.#upstream.full) {
      this.#clientPaused = false;
      this.#client.resume();
    }
  }

  #resumeUpstream(): void {
    if (this.#upstreamPaused && !this.#client.full) {
      this.#upstreamPaused = false;
      this.#upstream.resume();
    }
  }

  // Life and death

  tick(now: number): void {
    if (this.#state === "closed") {
      return;
    }
    if (this.#state === "farewell") {
      if (now >= this.#deadline) {
        this.#client.end(this.#errFrame(mysqlError(this.#farewell), 0));
        this.#state = "closed";
      }
      return;
    }
    if (now >= this.#parts.grant.tokenExpiresAt.getTime() && this.#state === "idle") {
      this.#endLater("token_expired");
    } else if (now >= this.#deadline) {
      this.#outOfTime();
    }
  }

  #outOfTime(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
    if (this.#state === "draining") {
      this.terminate("upstream_lost");
      return;
    }
    const seconds = this.#parts.grant.connection.limits.max_seconds ?? 0;
    const error = new SallyportError("LIMIT_EXCEEDED", `The statement ran longer than ${seconds} seconds`, {
      next: "Make it faster, or ask an admin for a higher limit",
    });
    if (this.#walker.canCut && this.#held.length === 0 && !this.#reader.midCommand) {
      this.#cut(error);
      return;
    }
    this.#limitReached = error;
    this.#walker.maxRows = Math.min(this.#walker.maxRows, this.#walker.rows);
    this.#walker.errInstead = writeErr(mysqlError(error, this.#reference()));
    this.killStatement().catch(() => this.terminate("upstream_lost"));
  }

  async killStatement(): Promise<void> {
    if (this.#state !== "running" && this.#state !== "draining") {
      return;
    }
    const number = this.#current.number;
    await killUpstreamQuery(
      this.#parts.grant.connection.upstream,
      this.upstreamThreadId,
      () => this.#current.number === number && (this.#state === "running" || this.#state === "draining"),
    );
  }

  terminate(reason: EndReason): void {
    if (this.#state === "closed" || this.#state === "farewell") {
      return;
    }
    if ((reason === "revoked" || reason === "token_expired") && this.#state === "idle") {
      this.#endLater(reason);
      return;
    }
    if (this.#state === "local" || (this.#state === "running" && this.#walker.canCut && !this.#reader.midCommand)) {
      const shown = mysqlError(endError(reason), this.#reference());
      const sequence = this.#state === "local" ? 1 : this.#walker.nextSequence;
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
    this.#farewell = endError(reason);
    this.#close(reason);
    this.#state = "farewell";
    this.#deadline = this.#parts.now() + FAREWELL_MS;
    this.#resumeClient();
  }

  #end(reason: EndReason): void {
    const before = this.#state;
    if (before === "closed") {
      return;
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
      killUpstreamQuery(this.#parts.grant.connection.upstream, this.upstreamThreadId, () => true).catch(
        () => undefined,
      );
    }
    this.#upstream.destroy();
    this.#prepared.clear();
    this.#held.clear();
    this.#parts.onEnd(this, reason);
  }
}
