import { SallyportError } from "@/lib/errors/error";
import { mysqlError } from "@/lib/errors/mysql";
import { COMMAND } from "../protocol/constants";
import { writeErr } from "../protocol/err-packet";
import { FRAME_HEADER } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import { PREPARE_AGAIN } from "./account-refusals";
import { refusalOf } from "./admission";
import type { Awaited } from "./command-reader";
import { handlingOf, type RelayHandling } from "./commands";
import { endError } from "./end-reasons";
import { type Ruling, type StatementRequest, UNDECIDED } from "./gate";
import type { LocalCommands } from "./local-commands";
import { warningsHidden } from "./mask-refusals";
import type { OwnAnswers } from "./own-answers";
import { forgetLongData } from "./prepared-statements";
import { longDataParameter, readCommand, statementId } from "./read-command";
import { recordLongData, recordRefused, recordRelayed, recordRequest } from "./record-request";
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
import type { SecondOpinion } from "./second-opinion";
import { sendBytes, sendCommand, textOf } from "./send-command";
import { NEVER, type SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";

type Forward = Extract<Ruling, { kind: "forward" }>;

/** What happens with each command of a client: decided, refused, answered here or sent upstream. */
export class CommandHandler {
  readonly #core: SessionCore;
  readonly #life: SessionLife;
  readonly #answers: OwnAnswers;
  readonly #running: RunningAnswer;
  readonly #local: LocalCommands;
  readonly #second: SecondOpinion;

  constructor(
    core: SessionCore,
    life: SessionLife,
    answers: OwnAnswers,
    running: RunningAnswer,
    local: LocalCommands,
    second: SecondOpinion,
  ) {
    this.#core = core;
    this.#life = life;
    this.#answers = answers;
    this.#running = running;
    this.#local = local;
    this.#second = second;
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
        recordRequest(core.recording, bytes, at, end);
        this.#local.statistics();
        return false;
      case "reset":
        recordRequest(core.recording, bytes, at, end);
        this.#local.reset();
        return false;
      case "quit":
        this.#life.end("client_quit");
        return false;
      case "refuse":
        recordRefused(core.recording, bytes, at);
        this.#answers.reply(writeErr(mysqlError(commandRefused(code))));
        return false;
      default:
        return handling satisfies never;
    }
  }

  onMore(bytes: Buffer, from: number, to: number): void {
    sendBytes(this.#core, bytes, from, to);
  }

  onComplete(sequence: number): void {
    const core = this.#core;
    if (core.phase === "running") {
      core.answer.walker.nextSequence = sequence;
    }
  }

  #relay(handling: RelayHandling, code: number, bytes: Buffer, at: number, end: number, length: number): boolean {
    const core = this.#core;
    const { current, parts } = core;
    current.begin(code, handling.record, core.server.schema, parts.now());
    const known = readCommand(current, core.prepared, bytes, at, end, length);
    recordRelayed(core.recording, current, bytes, at, end);
    if (!known) {
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
        if (current.prepared !== null) forgetLongData(current.prepared);
      }
      if (!this.#second.takeFor(current.prepared, bytes, at)) {
        this.#answers.fail(PREPARE_AGAIN);
        return false;
      }
      this.#running.start(handling, null);
      sendBytes(this.#core, bytes, at, end);
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
      this.#goOn(() => {
        const acts = result.kind === "forward" || result.kind === "kill";
        if (acts && !core.parts.ports.recorder.accepts()) {
          this.#refuse(cannotRecord());
        } else {
          this.#obey(result, handling, command, 0, command.length);
        }
      });
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

  #forward(ruling: Forward, handling: RelayHandling, bytes: Buffer, at: number, end: number): boolean {
    const { current, streams, warningsQuote } = this.#core;
    if (warningsQuote && ruling.readsWarnings && current.code !== COMMAND.STMT_PREPARE) {
      this.#refuse(warningsHidden());
      return false;
    }
    const way = this.#second.way(ruling);
    if (way === "go") {
      return this.#send(ruling, handling, bytes, at, end);
    }
    if (way === "wait") {
      if (streams) {
        this.#refuse(tooLongToWait());
      } else {
        this.#sendLater(ruling, handling, Buffer.from(bytes.subarray(at, end)));
      }
      return false;
    }
    this.#answers.fail(way);
    return false;
  }

  #send(ruling: Forward, handling: RelayHandling, bytes: Buffer, at: number, end: number): boolean {
    const follows = sendCommand(this.#core, this.#running, handling, ruling, bytes, at, end);
    if (follows === null) {
      this.#refuse(doesNotFit());
    }
    return follows === true;
  }

  /** Commands that follow wait until the connection for this one is ready. */
  #sendLater(ruling: Forward, handling: RelayHandling, command: Buffer): void {
    const core = this.#core;
    const { current } = core;
    const { number } = current;
    const text = current.prepared?.text ?? textOf(ruling, command, 0, command.length);
    core.phase = "local";
    core.deadline = NEVER;
    void this.#second.makeReady(ruling, text).then((error) => {
      if (core.phase !== "local" || current.number !== number) {
        return;
      }
      this.#goOn(() => {
        if (error === null) {
          this.#send(ruling, handling, command, 0, command.length);
        } else {
          this.#answers.fail(error);
        }
      });
    });
  }

  /** Takes a command up again that had to wait. */
  #goOn(then: () => void): void {
    const core = this.#core;
    core.phase = "idle";
    core.current.enter();
    if (core.expired(core.parts.now())) {
      this.#refuse(endError("token_expired"));
    } else {
      then();
    }
    core.current.leave();
    if (this.ready) {
      core.nextCommand();
    }
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
      recordLongData(this.#core.recording, known, bytes, at, end);
    }
    if (!this.#second.takeFor(known, bytes, at)) {
      return false;
    }
    sendBytes(this.#core, bytes, at, end);
    return true;
  }
}

/** A fault of the gateway's own in deciding: nothing is sent upstream, and its text stays in the gateway. */
function internalRefusal(cause: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", "The gateway could not decide on the statement", {
    next: "Try again, then ask the gateway's operator",
    cause,
  });
}
