// npm run bench: builds what the benchmark needs and runs it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { buildPrograms } from "./build.mjs";
import { installPackages, requireNode } from "./launch/packages.mjs";
import { DIST } from "./launch/paths.mjs";

requireNode();
await installPackages();
await buildPrograms(["bench", "bench-load", "bench-upstream", "cli"]);
const child = spawn(process.execPath, [join(DIST, "bench.mjs"), ...process.argv.slice(2)], { stdio: "inherit" });
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
