// `npm start`: sets everything up and runs the product. Node built-ins only: it runs before packages are installed.
import { parseArgs } from "node:util";
import { startEmbedded } from "./launch/embedded.mjs";
import { modeOf } from "./launch/environment.mjs";
import { Launch } from "./launch/launch.mjs";
import { requireNode } from "./launch/packages.mjs";
import { startProduction } from "./launch/production.mjs";
import { complain } from "./launch/progress.mjs";
import { SetupError } from "./launch/setup-error.mjs";

const HELP = `npm start [-- OPTIONS]

Without DATABASE_URL and OIDC_ISSUER: everything on this computer, with a private MariaDB, a development
identity provider and the demo database "shop". With both: production mode, no embedded parts.

  --check             start, print "ready" and stop again
  --only=gateway      one process only (also --only=console); embedded parts are not started
  --without-console   no console: run "next dev" yourself, with the variables of DATA_DIR/env.json
  --services-only     database, demo data and development IdP only, no gateway and no console
  --help              this text

Ports and places come from the environment: PORT (console, 3000), GATEWAY_PORT (3307), GATEWAY_OPS_PORT (9307),
DEV_IDP_PORT (4400), DEV_DB_PORT (3316), DATA_DIR (.data).`;

/** @typedef {{ check: boolean, gateway: boolean, console: boolean, only: "gateway" | "console" | null }} Choice */

/** @returns {Choice | null} null when the help was asked for */
function readOptions() {
  const { values } = parseArgs({
    options: {
      check: { type: "boolean", default: false },
      only: { type: "string" },
      "without-console": { type: "boolean", default: false },
      "services-only": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    return null;
  }
  const only = values.only ?? null;
  if (only !== null && only !== "gateway" && only !== "console") {
    throw new SetupError(`--only=${only} is not known: it is --only=gateway or --only=console.`);
  }
  return {
    check: values.check,
    only,
    gateway: only !== "console" && !values["services-only"],
    console: only !== "gateway" && !values["without-console"] && !values["services-only"],
  };
}

const launch = new Launch();
try {
  const choice = readOptions();
  if (choice === null) {
    console.log(HELP);
  } else {
    requireNode();
    const embedded = modeOf(process.env) === "embedded";
    await launch.runUntilStopped(
      () => (embedded ? startEmbedded(launch, choice) : startProduction(launch, choice)),
      choice.check,
    );
  }
} catch (error) {
  const expected = error instanceof SetupError || (error instanceof TypeError && "code" in error);
  complain(expected ? error.message : String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
}
