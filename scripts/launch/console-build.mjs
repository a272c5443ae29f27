// The console's production build (next build), made again when its sources changed.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { childEnvironment } from "./environment.mjs";
import { fingerprint, isCurrent, markCurrent } from "./fingerprint.mjs";
import { ROOT } from "./paths.mjs";
import { isAlive } from "./processes.mjs";
import { patiently, step } from "./progress.mjs";
import { run } from "./tied-process.mjs";

/** Next's program, run with Node. */
export const NEXT = join(ROOT, "node_modules", "next", "dist", "bin", "next");

const SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation.node.ts",
  "next.config.ts",
  "postcss.config.mjs",
  "package-lock.json",
  "tsconfig.json",
];
const STAMP = join(ROOT, ".next", "sallyport-fingerprint");
const LOCK = join(ROOT, ".next-build.lock");

/** Builds the console when needed; of several programs that ask at a time one builds, the others wait for it. */
export async function buildConsole() {
  const wanted = fingerprint(SOURCES);
  if (isCurrent(STAMP, wanted)) {
    return;
  }
  await lock();
  try {
    if (isCurrent(STAMP, wanted)) {
      return;
    }
    step("building the console (next build, about a minute)");
    rmSync(STAMP, { force: true });
    const building = run(process.execPath, [NEXT, "build"], {
      cwd: ROOT,
      env: { ...childEnvironment({}), NODE_ENV: "production" },
      what: "Building the console (next build)",
    });
    await patiently("building the console", building);
    markCurrent(STAMP, wanted);
    step("console built");
  } finally {
    rmSync(LOCK, { force: true });
  }
}

async function lock() {
  for (;;) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: "wx" });
      return;
    } catch {
      if (!existsSync(LOCK) || !isAlive(Number(readFileSync(LOCK, "utf8")))) {
        rmSync(LOCK, { force: true });
      } else {
        await delay(200);
      }
    }
  }
}
