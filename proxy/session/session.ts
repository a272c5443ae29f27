import { mysqlError } from "@/lib/errors/mysql";
import { inCompressedFrame, looksCompressed } from "../protocol/compressed-frame";
import { STATUS } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import type { WireHandler } from "../socket/wire";
import { CommandHandler } from "./command-handler";
import type { Awaited, CommandSink } from "./command-reader";
import { LocalCommands } from "./local-commands";
import { MainConnection } from "./main-connection";
import { OwnAnswers } from "./own-answers";
import type { GrantFacts } from "./ports";
import { compressionRefused } from "./refusals";
import type { EndReason, RunningView } from "./registry";
import { RunningAnswer } from "./running-answer";
import { runningView } from "./running-view";
import { SecondOpinion } from "./second-opinion";
import { SessionCore } from "./session-core";
import { SessionLife } from "./session-life";
import type { SessionParts, SessionTotals } from "./session-parts";
import type { SessionUpstream } from "./upstreams";

/** One logged-in client with its own upstream connection: commands go up one at a time, answers come back as they are. */
export class Session implements SessionTotals, CommandSink {
  readonly #parts: SessionParts;
  readonly #core: SessionCore;
  readonly #life: SessionLife;
  readonly #running: RunningAnswer;
  readonly #commands: CommandHandler;
  #checkCompression: boolean;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#checkCompression = parts.mayCompress;
    const core = new SessionCore(parts, this, () => this.#running.cutHere());
    this.#core = core;
    this.#life = new SessionLife(core, (reason, detail) => parts.onEnd(this, reason, detail));
    this.#running = new RunningAnswer(core, this.#life);
    const answers = new OwnAnswers(core, this.#life);
    const local = new LocalCommands(core, this.#life, answers, this);
    const onDrain = () => core.traffic.letGo();
    const takes = (from: SessionUpstream): WireHandler => ({
      onBytes: (bytes, length) => this.#running.take(bytes, length, from),
      onDrain,
      onGone: () => this.#running.gone(from),
    });
    const second = new SecondOpinion(core, this.#running, new MainConnection(core, takes));
    this.#commands = new CommandHandler(core, this.#life, answers, this.#running, local, second);
    parts.upstream.wire.handler = takes(core.upstreams.own);
    parts.client.handler = {
      onBytes: (bytes, length) => this.#fromClient(bytes, length),
      onDrain,
      onGone: () => this.#life.end("client_lost"),
    };
  }

  get id(): string {
    return this.#parts.id;
  }

  get wireId(): number {
    return this.#parts.wireId;
  }

  get identityId(): string {
    return this.#core.grant.identity.id;
  }

  get connectionId(): string {
    return this.#core.grant.connection.id;
  }

  get facts(): GrantFacts {
    return this.#core.grant.facts;
  }

  get upstreamThreadId(): number {
    return this.#parts.upstream.threadId;
  }

  get startedAt(): number {
    return this.#core.startedAt;
  }

  get busy(): boolean {
    return this.#core.phase !== "idle" || (this.#core.status & STATUS.IN_TRANS) !== 0;
  }

  get running(): RunningView | null {
    return runningView(this.#core);
  }

  get statementCount(): number {
    return this.#core.log.count;
  }

  get unrecordedCount(): number {
    return this.#core.log.unrecorded;
  }

  get errorCount(): number {
    return this.#core.log.errors;
  }

  get bytes(): SessionTotals["bytes"] {
    return this.#core.traffic.bytes;
  }

  /** Takes what the client sent behind its login in one go. */
  begin(left: Buffer): void {
    this.#parts.client.resume();
    if (left.length > 0) {
      this.#fromClient(left, left.length);
    }
  }

  #fromClient(bytes: Buffer, length: number): void {
    const core = this.#core;
    if (core.phase === "closed") {
      return;
    }
    if (this.#checkCompression) {
      this.#checkCompression = false;
      if (looksCompressed(bytes.subarray(0, length), 0)) {
        const frame = writeFrame(writeErr(mysqlError(compressionRefused())), 1);
        core.voice.sayLast(inCompressedFrame(frame, 1));
        this.#life.end("protocol_error");
        return;
      }
    }
    core.current.enter();
    core.reader.push(bytes, length);
    core.traffic.holdBack();
    core.current.leave();
  }

  // What the command reader finds

  get ready(): boolean {
    return this.#commands.ready;
  }

  awaits(code: number): Awaited {
    return this.#commands.awaits(code);
  }

  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    return this.#commands.onCommand(bytes, at, end, length);
  }

  onMore(bytes: Buffer, from: number, to: number): void {
    this.#commands.onMore(bytes, from, to);
  }

  onComplete(sequence: number): void {
    this.#commands.onComplete(sequence);
  }

  onDisorder(): void {
    this.#life.end("protocol_error");
  }

  // Life

  tick(now: number): void {
    const core = this.#core;
    core.traffic.count();
    if (core.phase === "idle" && core.expired(now)) {
      this.#life.endLater("token_expired");
    } else if (core.phase === "local" && core.expired(now)) {
      this.#life.terminate("token_expired");
    } else if (now >= core.deadline) {
      this.#running.outOfTime(now);
    }
  }

  killStatement(): Promise<void> {
    return this.#running.kill();
  }

  terminate(reason: EndReason): void {
    this.#life.terminate(reason);
  }
}
