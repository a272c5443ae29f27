// `npm test`: all the set-up, then every stage; one that fails hides no other. The last line is "N passed, N failed".
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildPrograms, PROGRAM_NAMES } from "./build.mjs";
import { buildConsole, NEXT } from "./launch/console-build.mjs";
import { ROOT } from "./launch/paths.mjs";
import { bold, complain, step } from "./launch/progress.mjs";
import { installAll } from "./launch/setup.mjs";
import { SetupError } from "./launch/setup-error.mjs";
import { CHROMIUM, CURL, chromiumPath, MARIADB, MARIADB_CLIENT, PHP, PYMYSQL } from "./launch/system-packages.mjs";
import { signalGroup, spawnTied, stopRunning } from "./launch/tied-process.mjs";
import { oneTest, playwrightCounts, sum, vitestCounts } from "./testing/counts.mjs";
import { scratchRoot } from "./testing/scratch-root.mjs";

/** @typedef {import("./testing/counts.mjs").Counts} Counts */

const root = scratchRoot();
/** The reports, and where it is in memory also all that the tests make: what they leave behind goes with it. */
const scratch = mkdtempSync(join(root, "sp-"));
/** On a disk nothing is gained, and paths of sockets in it may not become longer. */
const temporary = root === tmpdir() ? {} : { TMPDIR: scratch };
/** @param {string} name */
const bin = (name) => join(ROOT, "node_modules", ".bin", name);
/** @type {import("node:child_process").ChildProcess | null} */
let current = null;

/**
 * Runs a tool with its output on this terminal. Resolves to whether it ended with 0.
 * @param {string} command @param {readonly string[]} args @param {Record<string, string>} [extra] environment
 * @returns {Promise<boolean>}
 */
function tool(command, args, extra = {}) {
  return new Promise((resolve) => {
    const child = spawnTied(command, args, {
      cwd: ROOT,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...temporary, ...extra },
      stdio: ["ignore", "inherit", "inherit"],
    });
    current = child;
    child.once("error", () => resolve(false));
    child.once("exit", (code) => {
      // A runner that crashed may leave workers behind.
      signalGroup(child, "SIGTERM");
      resolve(code === 0);
    });
  });
}

/** @param {string} project @returns {() => Promise<Counts>} */
const vitest = (project) => async () => {
  const report = join(scratch, `${project}.json`);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return vitestCounts(report, await tool(bin("vitest"), args));
};

async function build() {
  await buildPrograms(PROGRAM_NAMES);
  await buildConsole();
  return oneTest(true);
}

async function browser() {
  if (!existsSync(join(ROOT, "playwright.config.ts"))) {
    throw new SetupError("playwright.config.ts is missing: the browser tests cannot run.");
  }
  const report = join(scratch, "browser.json");
  const passed = await tool(bin("playwright"), ["test", "--reporter=list,json"], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    CHROMIUM_PATH: chromiumPath() ?? "",
  });
  return playwrightCounts(report, passed);
}

/** In this order. `next typegen` writes the types of the routes, which a fresh clone lacks. @type {Record<string, () => Promise<Counts>>} */
const STAGES = {
  lint: async () => oneTest(await tool(bin("biome"), ["check", "--error-on-warnings", "."])),
  typecheck: async () =>
    oneTest((await tool(process.execPath, [NEXT, "typegen"])) && (await tool(bin("tsc"), ["-p", "."]))),
  unit: vitest("unit"),
  integration: vitest("integration"),
  clients: vitest("clients"),
  build,
  crash: vitest("crash"),
  browser,
};

/** @param {string} name @param {() => Promise<Counts>} stage @returns {Promise<Counts>} */
async function runStage(name, stage) {
  step(bold(name));
  try {
    return await stage();
  } catch (error) {
    complain(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
    return oneTest(false);
  }
}

function wantedStages() {
  const { values } = parseArgs({ options: { only: { type: "string" } } });
  const names = values.only?.split(",") ?? Object.keys(STAGES);
  const unknown = names.filter((name) => !(name in STAGES));
  if (unknown.length > 0) {
    throw new SetupError(`There is no stage ${unknown.join(", ")}. The stages are: ${Object.keys(STAGES).join(", ")}`);
  }
  return Object.entries(STAGES).filter(([name]) => names.includes(name));
}

function cleanUp() {
  try {
    // What is ending may still write in it.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    // The results are still to be told.
    complain(`${scratch} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => {
    stopRunning();
    if (current) {
      signalGroup(current, "SIGTERM");
    }
    cleanUp();
    process.exit(130);
  });
}

/** @type {[string, Counts][]} */
const results = [];
try {
  const stages = wantedStages();
  await installAll([MARIADB, MARIADB_CLIENT, CURL, PHP, PYMYSQL, CHROMIUM]);
  for (const [name, stage] of stages) {
    results.push([name, await runStage(name, stage)]);
  }
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  results.push(["set-up", oneTest(false)]);
}

const total = sum(results.map(([, counts]) => counts));
console.log("");
for (const [name, { passed, failed }] of results) {
  console.log(`${name.padEnd(12)} ${passed} passed, ${failed} failed`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
cleanUp();
