// Child processes that do not outlive the program that started them.
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { SetupError } from "./setup-error.mjs";

const TAIL_BYTES = 6000;
/** A launcher that died before the kernel was asked sends no signal: then the child has another parent by now, and ends itself. */
const WITH_PARENT = '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"';

/** @type {boolean | undefined} */
let setpriv;

/** Whether the kernel can be asked to end a child with its parent (Linux with util-linux). */
function hasSetpriv() {
  setpriv ??= process.platform === "linux" && spawnSync("setpriv", ["--version"], { stdio: "ignore" }).status === 0;
  return setpriv;
}

/**
 * Starts a program in a process group of its own, so that a Ctrl-C in the terminal reaches the launcher only, which then stops its
 * children in order. On Linux the kernel ends the child when the launcher dies in any way, `kill -9` included.
 * @param {string} command @param {readonly string[]} args @param {import("node:child_process").SpawnOptions} options
 * @param {"TERM" | "KILL"} [signal] what the kernel sends then
 */
export function spawnTied(command, args, options, signal = "TERM") {
  return hasSetpriv()
    ? spawn("setpriv", ["--pdeathsig", signal, "sh", "-c", WITH_PARENT, "sh", String(process.pid), command, ...args], {
        ...options,
        detached: true,
      })
    : spawn(command, [...args], { ...options, detached: true });
}

/** As `spawnTied`, for our own Node programs: they also watch for the launcher's death themselves, on every system. */
export function nodeArguments() {
  return ["--enable-source-maps", "--import", join(import.meta.dirname, "die-with-parent.mjs")];
}

/** Children that `run` waits for; they end when the launcher is told to stop. @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();

/** Ends whatever `run` is waiting for, with all that it started. */
export function stopRunning() {
  for (const child of running) {
    signalGroup(child, "SIGTERM");
  }
}

/** Signals a child and everything it started. @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} signal */
export function signalGroup(child, signal) {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Runs a program to its end. Rejects with SetupError that carries the end of what it printed when it fails.
 * @param {string} command @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, what: string, next?: string, input?: string, onLine?: (line: string) => void }} options
 *   `what` says in words what was tried, `next` what to do when it fails
 * @returns {Promise<string>} what it printed on stdout
 */
export function run(command, args, { cwd, env, what, next, input, onLine }) {
  return new Promise((resolve, reject) => {
    const child = spawnTied(command, args, {
      cwd,
      env,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    running.add(child);
    let said = "";
    let out = "";
    child.stdin?.end(input);
    child.stdout?.on("data", (text) => {
      out += text;
      said = (said + text).slice(-TAIL_BYTES);
    });
    let partial = "";
    child.stderr?.on("data", (text) => {
      said = (said + text).slice(-TAIL_BYTES);
      const lines = (partial + text).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) {
        onLine?.(line);
      }
    });
    /** @param {string} reason */
    const fail = (reason) => {
      running.delete(child);
      const tail = said.trim() === "" ? "" : `\n\n${said.trim()}\n`;
      reject(new SetupError(`${what} failed (${reason}).${tail}${next ? `\n${next}` : ""}`));
    };
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => {
      if (code === 0) {
        running.delete(child);
        resolve(out);
      } else {
        fail(signal ? `ended by ${signal}` : `exit code ${code}`);
      }
    });
  });
}
