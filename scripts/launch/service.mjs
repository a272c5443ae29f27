// One long-running child: started, watched, started again with growing pauses when it dies, stopped.
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "./paths.mjs";
import { warn } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";
import { nodeArguments, signalGroup, spawnTied } from "./tied-process.mjs";

const PAUSES_MS = [200, 1000, 3000, 6000, 10_000];
/** A child that lived this long is taken as healthy: the next pause is a short one again. */
const HEALTHY_MS = 60_000;
const POLL_MS = 50;
const ROTATE_BYTES = 5_000_000;
const TAIL_LINES = 15;

/**
 * @typedef {object} ServiceOptions
 * @property {string} name
 * @property {readonly string[]} args of Node
 * @property {NodeJS.ProcessEnv} env
 * @property {() => Promise<boolean>} answers whether it is ready
 * @property {number} readySeconds
 * @property {number} stopSeconds how long it may take to end
 * @property {string | null} logFile null: it writes to this terminal
 * @property {(line: string) => void} [onLine] gets each line that goes to the log
 * @property {(pid: number) => void} [onSpawn]
 * @property {(reason: string) => void} onLost the service died and stays dead
 */

export class Service {
  /** @type {import("node:child_process").ChildProcess | null} */
  #child = null;
  #stopping = false;
  #deaths = 0;
  #startedAt = 0;
  /** @type {Promise<void>} */
  #gone = Promise.resolve();
  /** @type {import("node:fs").WriteStream | null} */
  #log = null;

  /** @param {ServiceOptions} options */
  constructor(options) {
    this.options = options;
    if (options.logFile) {
      mkdirSync(dirname(options.logFile), { recursive: true, mode: 0o700 });
      if (existsSync(options.logFile) && statSync(options.logFile).size > ROTATE_BYTES) {
        renameSync(options.logFile, `${options.logFile}.1`);
      }
      this.#log = createWriteStream(options.logFile, { flags: "a", mode: 0o600 });
    }
  }

  get pid() {
    return this.#child?.pid ?? 0;
  }

  /** Starts it and waits until it answers. Rejects with SetupError, with the end of its log, when it dies before or takes too long. */
  async start() {
    this.#spawn();
    await this.#untilReady();
  }

  #spawn() {
    const { args, env, logFile } = this.options;
    this.#startedAt = Date.now();
    const child = spawnTied(process.execPath, [...nodeArguments(), ...args], {
      cwd: ROOT,
      env,
      stdio: logFile ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    this.#child = child;
    this.options.onSpawn?.(child.pid ?? 0);
    for (const stream of [child.stdout, child.stderr]) {
      let partial = "";
      stream?.on("data", (text) => {
        this.#log?.write(text);
        const lines = (partial + text).split("\n");
        partial = (lines.pop() ?? "").slice(-10_000);
        for (const line of lines) {
          this.options.onLine?.(line);
        }
      });
    }
    this.#gone = new Promise((resolve) => {
      child.once("error", (error) => {
        this.#died(error.message);
        resolve();
      });
      child.once("exit", (code, signal) => {
        this.#died(signal ? `ended by ${signal}` : `exit code ${code}`);
        resolve();
      });
    });
  }

  /** @param {string} reason */
  #died(reason) {
    this.#child = null;
    if (this.#stopping || !this.#ready) {
      return;
    }
    void this.#again(reason);
  }

  #ready = false;

  async #untilReady() {
    const { name, answers, readySeconds } = this.options;
    const deadline = Date.now() + readySeconds * 1000;
    while (!(await answers())) {
      if (this.#stopping) {
        return;
      }
      if (this.#child === null) {
        throw new SetupError(`The ${name} ended while it was starting.${this.tail()}`);
      }
      if (Date.now() > deadline) {
        throw new SetupError(`The ${name} did not answer within ${readySeconds} s.${this.tail()}`);
      }
      await delay(POLL_MS);
    }
    this.#ready = true;
  }

  /** @param {string} reason */
  async #again(reason) {
    this.#deaths = Date.now() - this.#startedAt > HEALTHY_MS ? 1 : this.#deaths + 1;
    const pause = PAUSES_MS[this.#deaths - 1];
    if (pause === undefined) {
      this.options.onLost(`The ${this.options.name} died ${this.#deaths} times in a row (${reason}).${this.tail()}`);
      return;
    }
    warn(`the ${this.options.name} died (${reason}); starting it again in ${pause / 1000} s`);
    await delay(pause);
    if (this.#stopping) {
      return;
    }
    this.#ready = false;
    try {
      await this.start();
      warn(`the ${this.options.name} answers again`);
    } catch (error) {
      if (!this.#stopping) {
        await this.#end();
        await this.#again(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
      }
    }
  }

  /** The end of its log, ready to be appended to a message. */
  tail() {
    const { logFile } = this.options;
    if (!logFile || !existsSync(logFile)) {
      return "";
    }
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES);
    return `\nThe end of ${logFile}:\n\n${lines.map((line) => `  ${line.slice(0, 400)}`).join("\n")}\n`;
  }

  /** Asks it to end, and makes it when it does not. */
  async stop() {
    this.#stopping = true;
    await this.#end();
    this.#log?.end();
  }

  async #end() {
    const child = this.#child;
    if (child === null) {
      return;
    }
    child.kill("SIGTERM");
    const timer = setTimeout(() => {
      warn(`the ${this.options.name} does not end; it is killed`);
      signalGroup(child, "SIGKILL");
    }, this.options.stopSeconds * 1000);
    await this.#gone;
    clearTimeout(timer);
    // What it started itself goes with it.
    signalGroup(child, "SIGTERM");
  }

  /** Ends it at once. */
  kill() {
    this.#stopping = true;
    if (this.#child) {
      signalGroup(this.#child, "SIGKILL");
    }
  }
}
