import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@/scripts/mariadb.mjs";

export interface Haproxy {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Whether HAProxy is installed (Debian: apt-get install haproxy). */
export function haproxyInstalled(): boolean {
  return spawnSync("haproxy", ["-v"]).status === 0;
}

/** Starts HAProxy in TCP mode, one thread, before the given port of 127.0.0.1. */
export async function startHaproxy(upstreamPort: number): Promise<Haproxy> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
  const port = await freePort();
  const file = join(folder, "haproxy.cfg");
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 5000
defaults
  mode tcp
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen mysql
  bind 127.0.0.1:${port}
  server upstream 127.0.0.1:${upstreamPort}
`,
  );
  const child: ChildProcess = spawn("haproxy", ["-db", "-f", file], { stdio: "ignore" });
  const deadline = Date.now() + 10_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error("haproxy did not start");
    await delay(50);
  }
  return {
    port,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
