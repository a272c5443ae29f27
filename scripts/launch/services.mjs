// The product's processes: how each is started, and how one knows that it answers.
import { join } from "node:path";
import { NEXT } from "./console-build.mjs";
import { childEnvironment } from "./environment.mjs";
import { DIST } from "./paths.mjs";
import { warn } from "./progress.mjs";
import { Service } from "./service.mjs";

const PINO_WARN = 40;
const PROBE_MS = 5000;

/** @param {string} url @param {(status: number) => boolean} good @returns {() => Promise<boolean>} */
function probe(url, good) {
  return async () => {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PROBE_MS) });
      await response.body?.cancel();
      return good(response.status);
    } catch {
      return false;
    }
  };
}

/** Shows a child's warnings and errors: pino lines from level warn on, and lines that are not JSON and look like errors. @param {string} name */
function showWarnings(name) {
  return (/** @type {string} */ line) => {
    try {
      const entry = JSON.parse(line);
      if (typeof entry === "object" && entry !== null && entry.level >= PINO_WARN) {
        const why = typeof entry.err?.message === "string" ? `: ${entry.err.message}` : "";
        warn(`${name}: ${entry.msg}${why}`);
      }
    } catch {
      if (/\b(error|warn(ing)?)\b/i.test(line)) {
        warn(`${name}: ${line.slice(0, 300)}`);
      }
    }
  };
}

/**
 * @typedef {object} Surroundings
 * @property {import("./environment.mjs").Variables} variables
 * @property {string | null} logs the folder for logs; null: to this terminal
 * @property {(name: string, pid: number) => void} onSpawn
 * @property {(reason: string) => void} onLost
 */

/** @param {string} name @param {Surroundings} at */
function shared(name, at) {
  return {
    name,
    logFile: at.logs === null ? null : join(at.logs, `${name.replaceAll(" ", "-")}.log`),
    onLine: showWarnings(name),
    onSpawn: (/** @type {number} */ pid) => at.onSpawn(name, pid),
    onLost: at.onLost,
  };
}

/** @param {Surroundings} at */
export function developmentIdp(at) {
  const { DEV_IDP_PORT } = at.variables;
  return new Service({
    ...shared("development IdP", at),
    // Not a warning of ours: oidc-provider speaks up below Node 22.
    onLine: () => {},
    args: [join(DIST, "dev-idp.mjs")],
    env: childEnvironment(at.variables, { embeddedService: true }),
    answers: probe(`http://localhost:${DEV_IDP_PORT}/.well-known/openid-configuration`, (status) => status === 200),
    readySeconds: 30,
    stopSeconds: 5,
  });
}

/** @param {string} host as it is listened on @returns {string} as it is called */
const reachable = (host) =>
  host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;

/** @param {Surroundings} at @param {boolean} production */
export function gateway(at, production) {
  const port = at.variables.GATEWAY_OPS_PORT || "9307";
  return new Service({
    ...shared("gateway", at),
    args: [join(DIST, "gateway.mjs")],
    env: childEnvironment(at.variables, production ? { extra: { NODE_ENV: "production" } } : {}),
    answers: probe(`http://127.0.0.1:${port}/readyz`, (status) => status === 200),
    readySeconds: 30,
    stopSeconds: 30,
  });
}

/** @param {Surroundings} at */
export function consoleServer(at) {
  const port = at.variables.PORT || "3000";
  const host = at.variables.CONSOLE_HOST || "127.0.0.1";
  return new Service({
    ...shared("console", at),
    args: [NEXT, "start", "--port", port, "--hostname", host],
    env: childEnvironment(at.variables, { extra: { NODE_ENV: "production" } }),
    answers: probe(`http://${reachable(host)}:${port}/`, (status) => status < 500),
    readySeconds: 60,
    stopSeconds: 10,
  });
}
