// Production mode: the company's database and IdP, no embedded parts, no demo.
import { join } from "node:path";
import { setUp, startProcesses } from "./embedded.mjs";
import { childEnvironment } from "./environment.mjs";
import { DIST, ROOT } from "./paths.mjs";
import { run } from "./tied-process.mjs";

/** @param {import("./launch.mjs").Launch} launch @param {import("../start.mjs").Choice} choice */
export async function startProduction(launch, choice) {
  await setUp(launch, choice, [], ["production", "gateway", "shipper", "cli"]);
  const wanted = [...(choice.gateway ? ["gateway"] : []), ...(choice.console ? ["console"] : [])];
  await run(process.execPath, [join(DIST, "production.mjs"), ...wanted], {
    cwd: ROOT,
    env: childEnvironment({}, { extra: { NODE_ENV: "production" } }),
    what: "Checking the environment and migrating the store",
  });
  launch.check();
  /** @type {Record<string, string>} */
  const variables = {};
  for (const name of ["PORT", "CONSOLE_HOST", "GATEWAY_OPS_PORT"]) {
    variables[name] = process.env[name] ?? "";
  }
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  await startProcesses(
    launch,
    choice,
    { variables: given, logs: null, onSpawn: () => {}, onLost: (reason) => launch.lost(reason) },
    true,
  );
  console.log("ready");
}
