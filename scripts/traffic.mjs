// node scripts/traffic.mjs: hours of agents' traffic through the gateway of the embedded default that runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms } from "./build.mjs";
import { runningLauncher } from "./launch/data-dir.mjs";
import { dataDirOf } from "./launch/environment.mjs";
import { DIST } from "./launch/paths.mjs";
import { complain } from "./launch/progress.mjs";
import { SetupError } from "./launch/setup-error.mjs";

try {
  const dataDir = dataDirOf(process.env);
  if (!process.argv.includes("--help")) {
    if (runningLauncher(dataDir) === null) {
      throw new SetupError("Sallyport does not run. Start it in another terminal (npm start), then try again.");
    }
    Object.assign(process.env, JSON.parse(readFileSync(join(dataDir, "env.json"), "utf8")));
  }
  await buildPrograms(["traffic"]);
  await import(join(DIST, "traffic.mjs"));
} catch (error) {
  complain(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
