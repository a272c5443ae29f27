#!/usr/bin/env node
// The command line. Bundles the programs when their sources changed, and takes the embedded default's settings when none are given.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dataDirOf } from "./launch/environment.mjs";
import { DIST, ROOT } from "./launch/paths.mjs";

/** Variables that `npm start` wrote for its own processes; what the person set wins. Not in production mode: that one is given all. */
function loadEmbeddedSettings() {
  if (process.env.DATABASE_URL || process.env.OIDC_ISSUER) {
    return;
  }
  const path = join(dataDirOf(process.env), "env.json");
  if (!existsSync(path)) {
    return;
  }
  for (const [name, value] of Object.entries(JSON.parse(readFileSync(path, "utf8")))) {
    process.env[name] ||= String(value);
  }
}

/** Where only the bundles are installed there is nothing to build. */
async function ensureBuilt() {
  if (!existsSync(join(ROOT, "proxy", "cli", "main.ts"))) {
    return;
  }
  const { buildPrograms } = await import("./build.mjs");
  const { log } = console;
  // Progress must not mix with a command's result on stdout.
  console.log = console.error;
  await buildPrograms(["cli"]);
  console.log = log;
}

try {
  loadEmbeddedSettings();
  await ensureBuilt();
} catch (error) {
  console.error(`sallyport could not start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
await import(join(DIST, "cli.mjs"));
