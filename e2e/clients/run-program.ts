import { spawn } from "node:child_process";
import { delimiter } from "node:path";

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  /** What its user types. */
  type(text: string): void;
  /** What it has printed so far, on both streams. */
  output(): string;
  readonly ended: Promise<Ended>;
}

/** The system's programs before a version manager's: Debian's modules (PyMySQL) belong to Debian's interpreters. */
const PATH = `/usr/bin${delimiter}${process.env.PATH}`;

/** Starts a program as a user would, with nothing of the tests' environment but PATH and HOME. */
export function start(command: string, args: readonly string[], variables: Record<string, string>, cwd = "/"): Running {
  const child = spawn(command, args, {
    cwd,
    env: { PATH, HOME: process.env.HOME, NODE_ENV: "test", ...variables },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
  return { type: (text) => child.stdin.write(text), output: () => out + err, ended };
}
