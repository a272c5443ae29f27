import type { MysqlError } from "@/lib/errors/mysql";
import { writeErr } from "../protocol/err-packet";
import { writeFrame } from "../protocol/frame";
import { simpleOk } from "../protocol/ok-packet";
import type { SessionCore } from "./session-core";
import type { SessionLife } from "./session-life";

/** What the gateway itself answers to commands. */
export class OwnAnswers {
  readonly #core: SessionCore;
  readonly #life: SessionLife;

  constructor(core: SessionCore, life: SessionLife) {
    this.#core = core;
    this.#life = life;
  }

  /** Answers a command; one whose end is not awaited ends the session. */
  reply(payload: Buffer): void {
    const { voice, sequence, streams } = this.#core;
    const frame = writeFrame(payload, sequence);
    if (streams) {
      voice.sayLast(frame);
      this.#life.end("protocol_error");
    } else {
      voice.say(frame);
    }
  }

  /** Records the statement as failed and answers with the error. An expired token ends the session with it. */
  fail(error: MysqlError): void {
    const core = this.#core;
    core.record(error);
    if (core.expired(core.parts.now())) {
      this.#life.endWith(error, core.sequence, "token_expired");
    } else {
      this.reply(writeErr(error));
    }
  }

  /** The gateway has done its own work on a command: tells the client, and goes on. */
  finishLocal(error: MysqlError | null): void {
    const core = this.#core;
    if (core.phase !== "local") {
      return;
    }
    core.record(error);
    core.phase = "idle";
    const payload = error === null ? simpleOk(core.status) : writeErr(error);
    core.voice.say(writeFrame(payload, core.sequence));
    core.nextCommand();
  }
}
