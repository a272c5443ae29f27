// Bundles the TypeScript programs into dist/*.mjs. Packages stay outside, so that each is installed and patched in one place.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { buildConsole } from "./launch/console-build.mjs";
import { fingerprint, isCurrent, markCurrent } from "./launch/fingerprint.mjs";
import { installPackages, requireNode } from "./launch/packages.mjs";
import { DIST, ROOT } from "./launch/paths.mjs";
import { complain, step } from "./launch/progress.mjs";
import { SetupError } from "./launch/setup-error.mjs";

/** Program name in dist/ -> its source. */
const PROGRAMS = {
  gateway: "proxy/main.ts",
  shipper: "proxy/recorder/shipper/thread.ts",
  cli: "proxy/cli/main.ts",
  "dev-idp": "scripts/dev-idp/main.ts",
  embedded: "scripts/embedded/main.ts",
  production: "scripts/production/main.ts",
  demo: "scripts/demo/main.ts",
  traffic: "scripts/traffic/main.ts",
  bench: "bench/main.ts",
  "bench-load": "bench/load.ts",
  "bench-upstream": "bench/upstream.ts",
};
/** All of them. @type {readonly ProgramName[]} */
export const PROGRAM_NAMES = /** @type {ProgramName[]} */ (Object.keys(PROGRAMS));
const SOURCES = ["lib", "proxy", "scripts", "bench", "package-lock.json", "tsconfig.json"];
/** @typedef {keyof typeof PROGRAMS} ProgramName */

/**
 * Bundles the named programs whose sources changed. Several starts at a time do no harm: files appear whole.
 * @param {readonly ProgramName[]} names
 */
export async function buildPrograms(names) {
  const wanted = fingerprint(SOURCES);
  const stale = names.filter((name) => !isCurrent(stampOf(name), wanted));
  if (stale.length === 0) {
    return;
  }
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(stale.map((name) => [name, PROGRAMS[name]])),
    outdir: DIST,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: false,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    tsconfig: join(ROOT, "tsconfig.json"),
    alias: { "@": ROOT },
    sourcemap: "linked",
    sourcesContent: false,
    write: false,
    logLevel: "silent",
  }).catch((/** @type {Error} */ error) => {
    throw new SetupError(`The programs could not be bundled.\n${error.message}`);
  });
  mkdirSync(DIST, { recursive: true });
  for (const file of result.outputFiles) {
    const temporary = `${file.path}.${process.pid}.tmp`;
    writeFileSync(temporary, file.contents);
    renameSync(temporary, join(DIST, basename(file.path)));
  }
  for (const name of stale) {
    markCurrent(stampOf(name), wanted);
  }
  step(`programs bundled (${stale.join(", ")})`);
}

/** @param {ProgramName} name */
const stampOf = (name) => join(DIST, `.${name}.fingerprint`);

if (process.argv[1] === import.meta.filename) {
  try {
    requireNode();
    await installPackages();
    await buildPrograms(PROGRAM_NAMES);
    await buildConsole();
  } catch (error) {
    complain(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  }
}
