// The embedded default: everything on this computer.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms } from "../build.mjs";
import { buildConsole } from "./console-build.mjs";
import { claim, noteChildren, release, runningLauncher, secretsOf, writePrivate } from "./data-dir.mjs";
import { startDatabase } from "./database.mjs";
import { childEnvironment, dataDirOf, embeddedVariables, portsOf } from "./environment.mjs";
import { DIST, ROOT } from "./paths.mjs";
import { requirePorts } from "./ports.mjs";
import { step } from "./progress.mjs";
import { consoleServer, developmentIdp, gateway } from "./services.mjs";
import { installAll } from "./setup.mjs";
import { SetupError } from "./setup-error.mjs";
import { MARIADB } from "./system-packages.mjs";
import { nodeArguments, run } from "./tied-process.mjs";
import { printWelcome } from "./welcome.mjs";

/** @typedef {import("./launch.mjs").Launch} Launch */
/** @typedef {import("../start.mjs").Choice} Choice */

/** What runs the product itself. @type {readonly import("../build.mjs").ProgramName[]} */
const RUNTIME = ["gateway", "shipper", "cli"];

/** @param {Launch} launch @param {Choice} choice */
export async function startEmbedded(launch, choice) {
  const dataDir = dataDirOf(process.env);
  if (choice.only !== null) {
    await joinRunning(launch, choice, dataDir);
    return;
  }
  await claim(dataDir);
  launch.afterwards(() => release(dataDir));
  await requirePorts(wantedPorts(choice));
  await setUp(launch, choice, [MARIADB], ["embedded", "dev-idp", ...(choice.gateway ? RUNTIME : [])]);

  const logs = join(dataDir, "logs");
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const secrets = secretsOf(dataDir);
  const variables = embeddedVariables(process.env, dataDir, secrets);
  /** @type {Record<string, number>} */
  const pids = {};
  const onSpawn = (/** @type {string} */ name, /** @type {number} */ pid) => {
    pids[name] = pid;
    noteChildren(dataDir, pids);
  };
  const at = { variables, logs, onSpawn, onLost: (/** @type {string} */ reason) => launch.lost(reason) };

  const idp = developmentIdp(at);
  const [database] = await Promise.all([
    startPart(
      launch,
      startDatabase(dataDir, portsOf(process.env).database, secrets, (pid) => onSpawn("mariadb", pid)),
    ),
    // The IdP needs no database: it starts meanwhile.
    launch.add({ name: "development IdP", stop: () => idp.stop(), kill: () => idp.kill() }).then(() => idp.start()),
  ]);
  database.exited.then((code) => {
    if (!launch.stopping) {
      launch.lost(`MariaDB ended (exit code ${code}). Its log: ${join(logs, "mariadb.log")}`);
    }
  });
  step("MariaDB and the development IdP answer");
  await prepare(variables);
  launch.check();
  writePrivate(join(dataDir, "env.json"), `${JSON.stringify(variables, null, 2)}\n`);

  await startProcesses(launch, choice, at, false);
  printWelcome(variables, choice);
}

/** A database that comes up while the start is being stopped must still be stopped. @template {{ stop: () => Promise<void>, kill: () => void }} T @param {Launch} launch @param {Promise<T>} starting */
async function startPart(launch, starting) {
  const part = await starting;
  await launch.add({ name: "MariaDB", stop: part.stop, kill: part.kill });
  return part;
}

/** Migrations, demo data and the certificate. @param {import("./environment.mjs").Variables} variables */
async function prepare(variables) {
  const said = await run(process.execPath, [...nodeArguments(), join(DIST, "embedded.mjs")], {
    cwd: ROOT,
    env: childEnvironment(variables, { embeddedService: true }),
    what: "Preparing the embedded database",
  });
  for (const line of said.trim().split("\n").filter(Boolean)) {
    step(line);
  }
}

/**
 * Packages, system programs and builds, as much at a time as can be.
 * @param {Launch} launch @param {Pick<Choice, "console">} choice @param {readonly import("./system-packages.mjs").Program[]} needed
 * @param {readonly import("../build.mjs").ProgramName[]} programs to bundle
 */
export async function setUp(launch, choice, needed, programs) {
  await installAll(needed);
  launch.check();
  await buildPrograms(programs);
  if (choice.console) {
    await buildConsole();
  }
  launch.check();
}

/**
 * The gateway and the console, as chosen.
 * @param {Launch} launch @param {Choice} choice @param {import("./services.mjs").Surroundings} at @param {boolean} production
 */
export async function startProcesses(launch, choice, at, production) {
  const services = [
    ...(choice.gateway ? [{ name: "gateway", service: gateway(at, production) }] : []),
    ...(choice.console ? [{ name: "console", service: consoleServer(at) }] : []),
  ];
  for (const { name, service } of services) {
    await launch.add({ name, stop: () => service.stop(), kill: () => service.kill() });
  }
  await Promise.all(services.map(({ service }) => service.start()));
  launch.check();
}

/** @param {Choice} choice */
function wantedPorts(choice) {
  const ports = portsOf(process.env);
  const local = ["127.0.0.1"];
  // Browsers may take localhost for ::1, where another program must not answer.
  const localhost = ["127.0.0.1", "::1"];
  return [
    { what: "MariaDB", variable: "DEV_DB_PORT", hosts: local, port: ports.database },
    { what: "development IdP", variable: "DEV_IDP_PORT", hosts: localhost, port: ports.idp },
    ...(choice.gateway
      ? [
          { what: "gateway", variable: "GATEWAY_PORT", hosts: local, port: ports.gateway },
          { what: "gateway's health and metrics", variable: "GATEWAY_OPS_PORT", hosts: local, port: ports.ops },
        ]
      : []),
    ...(choice.console ? [{ what: "console", variable: "PORT", hosts: localhost, port: ports.console }] : []),
  ];
}

/** One more gateway or console beside an embedded default that runs. @param {Launch} launch @param {Choice} choice @param {string} dataDir */
async function joinRunning(launch, choice, dataDir) {
  const path = join(dataDir, "env.json");
  if (runningLauncher(dataDir) === null || !existsSync(path)) {
    throw new SetupError(
      `npm run start:${choice.only} runs one process beside a database and an identity provider.\nSet DATABASE_URL and OIDC_ISSUER (production mode), or start the embedded default first: npm start -- --services-only`,
    );
  }
  await setUp(launch, choice, [], RUNTIME);
  /** @type {Record<string, string>} */
  const variables = { ...JSON.parse(readFileSync(path, "utf8")) };
  for (const name of [
    "PORT",
    "CONSOLE_URL",
    "CONSOLE_HOST",
    "GATEWAY_HOST",
    "GATEWAY_PORT",
    "GATEWAY_OPS_PORT",
    "LOG_LEVEL",
  ]) {
    variables[name] = process.env[name] || variables[name] || "";
  }
  const taken =
    choice.only === "gateway"
      ? [
          { what: "gateway", variable: "GATEWAY_PORT", hosts: ["127.0.0.1"], port: Number(variables.GATEWAY_PORT) },
          {
            what: "gateway's health and metrics",
            variable: "GATEWAY_OPS_PORT",
            hosts: ["127.0.0.1"],
            port: Number(variables.GATEWAY_OPS_PORT),
          },
        ]
      : [{ what: "console", variable: "PORT", hosts: ["127.0.0.1", "::1"], port: Number(variables.PORT) }];
  await requirePorts(taken);
  await startProcesses(
    launch,
    choice,
    { variables, logs: null, onSpawn: () => {}, onLost: (reason) => launch.lost(reason) },
    false,
  );
  console.log("ready");
}
