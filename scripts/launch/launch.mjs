// The life of one `npm start`: what was started, in order, and how it all ends.
import { complain, step } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";
import { stopRunning } from "./tied-process.mjs";

const EVERY_MS = 500;
/** One Ctrl-C under npm arrives twice: from the terminal and from npm. */
const SAME_CTRL_C_MS = 700;

/** @typedef {{ name: string, stop: () => Promise<void>, kill: () => void }} Part */

/** The set-up was told to stop while it worked. */
class Interrupted extends Error {}

export class Launch {
  /** @type {Part[]} */
  #parts = [];
  /** @type {(() => void)[]} */
  #cleanups = [];
  #stoppedAt = 0;
  /** @type {(reason: string | null) => void} */
  #end = () => {};
  /** @type {Promise<string | null>} resolves to why it failed, or null when a person or program asked for the end */
  #ended = new Promise((resolve) => {
    this.#end = resolve;
  });

  /** Whether the end has begun. */
  get stopping() {
    return this.#stoppedAt > 0;
  }

  /** Parts stop in the reverse order of this. Throws when the end has begun meanwhile, after stopping the part. @param {Part} part */
  async add(part) {
    this.#parts.push(part);
    this.check();
  }

  /** @param {() => void} cleanup runs after everything has stopped */
  afterwards(cleanup) {
    this.#cleanups.push(cleanup);
  }

  /** A place where a set-up that was told to stop does so. */
  check() {
    if (this.stopping) {
      throw new Interrupted("stopped");
    }
  }

  /** Something died for good. @param {string} reason */
  lost(reason) {
    this.#begin(reason);
  }

  /** @param {string | null} reason */
  #begin(reason) {
    this.#stoppedAt ||= Date.now();
    stopRunning();
    this.#end(reason);
  }

  /** @param {NodeJS.Signals} signal */
  #onSignal = (signal) => {
    if (!this.stopping) {
      console.log("");
      step(`stopping (${signal}); once more ends everything at once`);
      this.#begin(null);
    } else if (Date.now() - this.#stoppedAt > SAME_CTRL_C_MS) {
      for (const part of this.#parts) {
        part.kill();
      }
      this.#finish();
      process.exit(130);
    }
  };

  /**
   * Runs `start`, waits until a signal, a lost part or the end of the starting program, then stops everything in order.
   * @param {() => Promise<void>} start @param {boolean} onlyCheck stop as soon as `start` is done
   */
  async runUntilStopped(start, onlyCheck) {
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, this.#onSignal);
    }
    const watch = this.#watchNpm();
    try {
      await start();
      this.check();
      const reason = onlyCheck ? null : await this.#ended;
      if (reason !== null) {
        complain(reason);
        process.exitCode = 1;
      }
    } catch (error) {
      if (!this.stopping) {
        throw error;
      }
      const reason = await this.#ended;
      if (reason !== null) {
        throw new SetupError(reason);
      }
    } finally {
      this.#stoppedAt ||= Date.now();
      clearInterval(watch);
      await this.#stopAll();
    }
  }

  /** npm that is killed takes nobody with it: notice that it is gone. */
  #watchNpm() {
    const parent = process.ppid;
    const watch = setInterval(() => {
      if (process.env.npm_lifecycle_event && process.ppid !== parent) {
        step("npm is gone; stopping");
        this.#begin(null);
      }
    }, EVERY_MS);
    watch.unref();
    return watch;
  }

  async #stopAll() {
    for (const part of this.#parts.reverse()) {
      await part.stop();
    }
    this.#finish();
    if (this.#parts.length > 0) {
      step("stopped");
    }
  }

  #finish() {
    for (const cleanup of this.#cleanups.splice(0)) {
      cleanup();
    }
  }
}
