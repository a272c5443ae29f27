import { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import { COMMAND, MAX_PAYLOAD } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { FRAME_HEADER, writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import { replaceBoundStrings } from "../protocol/stmt-execute";
import { refusalOf } from "./admission";
import type { Awaited } from "./command-reader";
import { handlingOf, type RelayHandling } from "./commands";
import { endError } from "./end-reasons";
import { type Ruling, type StatementRequest, UNDECIDED } from "./gate";
import type { LocalCommands } from "./local-commands";
import { warningsHidden } from "./mask-refusals";
import type { OwnAnswers } from "./own-answers";
import type { PreparedStatement } from "./prepared-statements";
import { longDataParameter, readCommand, statementId } from "./read-command";
import {
  cannotRecord,
  commandRefused,
  doesNotFit,
  INTERRUPTED,
  NO_OPEN_CURSOR,
  tooLong,
  tooLongToWait,
  UNKNOWN_STATEMENT,
} from "./refusals";
import { ruleCommand } from "./rule-command";
import type { RunningAnswer } from "./running-answer";
import type { SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";
import { noteOf, statementFrames } from "./statement-frames";

/** What happens with each command of a client: decided, refused, answered here or sent upstream. */
export class CommandHandler {
  readonly #core: SessionCore;
  readonly #life: SessionLife;
  readonly #answers: OwnAnswers;
  readonly #running: RunningAnswer;
  readonly #local: LocalCommands;

  constructor(core: SessionCore, life: SessionLife, answers: OwnAnswers, running: RunningAnswer, local: LocalCommands) {
    this.#core = core;
    this.#life = life;
    this.#answers = answers;
    this.#running = running;
    this.#local = local;
  }

  get ready(): boolean {
    return this.#core.phase === "idle" || this.#core.phase === "farewell";
  }

  awaits(code: number): Awaited {
    const handling = handlingOf(code);
    return handling.kind === "relay" ? handling.awaits : "beginning";
  }

  onCommand(bytes: Buffer, at: number, end: number, length: number): boolean {
    const core = this.#core;
    if (core.phase === "farewell") {
      this.#life.sayFarewell(1);
      return false;
    }
    core.sequence = core.reader.answerSequence;
    core.streams = end - at - FRAME_HEADER < length;
    const code = bytes[at + FRAME_HEADER] ?? 0;
    const handling = handlingOf(code);
    switch (handling.kind) {
      case "relay":
        return this.#relay(handling, code, bytes, at, end, length);
      case "one_way":
        return this.#oneWay(code, bytes, at, end);
      case "statistics":
        this.#local.statistics();
        return false;
      case "reset":
        this.#local.reset();
        return false;
      case "quit":
        this.#life.end("client_quit");
        return false;
      case "refuse":
        this.#answers.reply(writeErr(mysqlError(commandRefused(code))));
        return false;
      default:
        return handling satisfies never;
    }
  }

  onMore(bytes: Buffer, from: number, to: number): void {
    this.#sendUp(bytes, from, to);
  }

  onComplete(sequence: number, total: number): void {
    const core = this.#core;
    if (core.phase === "running") {
      core.answer.walker.nextSequence = sequence;
      core.current.setBytes(total - 1);
    }
  }

  #relay(handling: RelayHandling, code: number, bytes: Buffer, at: number, end: number, length: number): boolean {
    const core = this.#core;
    const { current, parts } = core;
    current.begin(code, handling.record, core.server.schema, parts.now());
    if (!readCommand(current, core.prepared, bytes, at, end, length)) {
      this.#answers.fail(UNKNOWN_STATEMENT);
      return false;
    }
    const refusal = core.expired(current.at)
      ? endError("token_expired")
      : refusalOf(handling, parts, core.prepared, current.at);
    if (refusal !== null) {
      this.#refuse(refusal);
      return false;
    }
    if (handling.record === null) {
      if (code === COMMAND.STMT_FETCH && current.prepared?.cursor === null) {
        this.#answers.fail(NO_OPEN_CURSOR);
        return false;
      }
      if (code === COMMAND.STMT_RESET) {
        current.prepared?.longData.clear();
      }
      this.#running.start(handling, null);
      this.#sendUp(bytes, at, end);
      return true;
    }
    if (core.streams && handling.awaits === "whole") {
      this.#refuse(tooLong());
      return false;
    }
    const request: StatementRequest = {
      id: current.id,
      at: current.at,
      schema: current.schema,
      session: core.server.facts,
      client: core.reviewed,
    };
    const ruling = ruleCommand(parts.gate, current, request, bytes, at, end, !core.streams);
    if (!(ruling instanceof Promise)) {
      return this.#obey(ruling, handling, bytes, at, end);
    }
    if (core.streams) {
      void ruling;
      this.#refuse(tooLongToWait());
      return false;
    }
    this.#obeyLater(ruling, handling, Buffer.from(bytes.subarray(at, end)));
    return false;
  }

  #refuse(error: SallyportError): void {
    this.#answers.fail(mysqlError(error, { event: this.#core.current.id }));
  }

  /** Commands that follow wait until this one is decided. */
  #obeyLater(ruling: Promise<Ruling>, handling: RelayHandling, command: Buffer): void {
    const core = this.#core;
    const { current } = core;
    const { number } = current;
    core.phase = "local";
    const decided = (result: Ruling) => {
      if (core.phase !== "local" || current.number !== number) {
        return;
      }
      core.phase = "idle";
      current.enter();
      if (core.expired(core.parts.now())) {
        this.#refuse(endError("token_expired"));
      } else if (result.kind === "forward" && !core.parts.ports.recorder.accepts()) {
        this.#refuse(cannotRecord());
      } else {
        this.#obey(result, handling, command, 0, command.length);
      }
      current.leave();
      if (this.ready) {
        core.nextCommand();
      }
    };
    ruling.then(decided, (error: unknown) =>
      decided({ kind: "refuse", error: internalRefusal(error), references: {}, decision: UNDECIDED }),
    );
  }

  /** Carries a ruling out; returns whether what follows of the command goes upstream too. */
  #obey(ruling: Ruling, handling: RelayHandling, bytes: Buffer, at: number, end: number): boolean {
    const core = this.#core;
    const { current } = core;
    current.decision = ruling.decision;
    switch (ruling.kind) {
      case "forward":
        return this.#forward(ruling, handling, bytes, at, end);
      case "answer_ok":
        core.record(null);
        this.#answers.reply(simpleOk(core.status));
        return false;
      case "kill":
        this.#local.kill(ruling.request);
        return false;
      case "interrupted":
        this.#answers.fail(INTERRUPTED);
        return false;
      case "refuse":
        this.#answers.fail(mysqlError(ruling.error, { event: current.id, ...ruling.references }));
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
    const { current, parts, sequence, warningsQuote } = this.#core;
    if (warningsQuote && ruling.readsWarnings && current.code !== COMMAND.STMT_PREPARE) {
      this.#refuse(warningsHidden());
      return false;
    }
    if (ruling.bound !== null) {
      const command = withBound(current.prepared, bytes.subarray(at + FRAME_HEADER, end), ruling.bound);
      if (command === null) {
        this.#refuse(doesNotFit());
        return false;
      }
      this.#running.start(handling, ruling);
      parts.upstream.wire.write(command, false);
      return false;
    }
    if (current.code !== COMMAND.QUERY && current.code !== COMMAND.STMT_PREPARE) {
      this.#running.start(handling, ruling);
      this.#sendUp(bytes, at, end);
      return true;
    }
    const text = ruling.text ?? bytes.subarray(at + FRAME_HEADER + 1, end);
    const frames = statementFrames(current.code, text, ruling.note ? noteOf(current.id) : "", sequence);
    if (frames === null) {
      this.#refuse(doesNotFit());
      return false;
    }
    this.#running.start(handling, ruling);
    parts.upstream.wire.write(frames, false);
    return false;
  }

  #oneWay(code: number, bytes: Buffer, at: number, end: number): boolean {
    const { prepared } = this.#core;
    const id = statementId(bytes, at, end);
    const known = prepared.get(id);
    if (known === null) {
      return false;
    }
    if (code === COMMAND.STMT_CLOSE) {
      prepared.remove(id);
    } else {
      known.longData.add(longDataParameter(bytes, at, end));
    }
    this.#sendUp(bytes, at, end);
    return true;
  }

  #sendUp(bytes: Buffer, from: number, to: number): void {
    this.#core.parts.upstream.wire.write(bytes.subarray(from, to), true);
  }
}

/** An execution with other values for some of its parameters, as one packet; null when it does not fit into that. */
function withBound(
  prepared: PreparedStatement | null,
  payload: Buffer,
  bound: ReadonlyMap<number, Buffer>,
): Buffer | null {
  if (prepared?.types == null) throw new TypeError("values of nothing that was prepared");
  const { parameters, types, longData } = prepared;
  const replaced = replaceBoundStrings(payload, parameters, types, longData, bound);
  return replaced.length < MAX_PAYLOAD ? writeFrame(replaced, 0) : null;
}

/** A fault of the gateway's own in deciding: nothing is sent upstream, and its text stays in the gateway. */
function internalRefusal(cause: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", "The gateway could not decide on the statement", {
    next: "Try again, then ask the gateway's operator",
    cause,
  });
}
