// The variables that the processes run with: the embedded default's own, or what production mode was given.
import { isAbsolute, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/** Groups of the demo people (scripts/dev-idp/people.ts) and the role each gives. */
const DEMO_ROLES = "admin=sallyport-admins;reviewer=sallyport-reviewers;auditor=sallyport-auditors";

/** Variables only the embedded services may see: the console and the gateway run without them. */
const EMBEDDED_ONLY = ["SHOP_OWNER_URL", "SHOP_PASSWORD", "DEV_IDP_CLIENTS", "DEV_IDP_PORT", "DEV_DB_PORT"];

/** @typedef {Record<string, string>} Variables */

/**
 * Which way to run. Throws SetupError where the variables contradict one another.
 * @param {NodeJS.ProcessEnv} given @returns {"embedded" | "production"}
 */
export function modeOf(given) {
  const { DATABASE_URL: database, OIDC_ISSUER: issuer } = given;
  if (database && issuer) {
    return "production";
  }
  if (database || issuer) {
    const [set, missing, example] = database
      ? ["DATABASE_URL", "OIDC_ISSUER", "https://login.example.com/realms/company"]
      : ["OIDC_ISSUER", "DATABASE_URL", "mysql://sallyport:secret@db.internal:3306/sallyport"];
    throw new SetupError(
      `${set} is set, but ${missing} is not. Production mode needs both (example: ${missing}=${example});\nfor the embedded database and demo sign-in, set neither.`,
    );
  }
  if (given.NODE_ENV === "production") {
    throw new SetupError(
      "NODE_ENV=production, but DATABASE_URL and OIDC_ISSUER are not set.\nThe embedded database and the demo sign-in are for trying things out and never start in production: set both variables, or unset NODE_ENV.",
    );
  }
  return "embedded";
}

/** @param {NodeJS.ProcessEnv} given */
export function dataDirOf(given) {
  const path = given.DATA_DIR || ".data";
  return isAbsolute(path) ? path : join(ROOT, path);
}

/** @param {NodeJS.ProcessEnv} given @param {string} name @param {number} fallback */
function portOf(given, name, fallback) {
  const text = given[name];
  const port = text ? Number(text) : fallback;
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new SetupError(`${name} is "${text}", but must be a port from 1 to 65535 (example: ${name}=${fallback}).`);
  }
  return port;
}

/** @param {NodeJS.ProcessEnv} given */
export function portsOf(given) {
  return {
    console: portOf(given, "PORT", 3000),
    gateway: portOf(given, "GATEWAY_PORT", 3307),
    ops: portOf(given, "GATEWAY_OPS_PORT", 9307),
    idp: portOf(given, "DEV_IDP_PORT", 4400),
    database: portOf(given, "DEV_DB_PORT", 3316),
  };
}

/**
 * All variables of the embedded default. What the person set wins, save for what ties the embedded services together.
 * @param {NodeJS.ProcessEnv} given @param {string} dataDir
 * @param {ReturnType<typeof import("./data-dir.mjs").secretsOf>} secrets
 * @returns {Variables}
 */
export function embeddedVariables(given, dataDir, secrets) {
  const ports = portsOf(given);
  const server = `127.0.0.1:${ports.database}`;
  return {
    SALLYPORT_EMBEDDED: "true",
    DATA_DIR: dataDir,
    DATABASE_URL: `mysql://sallyport:${secrets.storePassword}@${server}/sallyport`,
    SHOP_OWNER_URL: `mysql://shop_owner:${secrets.shopOwnerPassword}@${server}/shop`,
    SHOP_PASSWORD: secrets.shopPassword,
    DEV_DB_PORT: String(ports.database),
    DEV_IDP_PORT: String(ports.idp),
    DEV_IDP_CLIENTS: given.DEV_IDP_CLIENTS || "",
    OIDC_ISSUER: `http://localhost:${ports.idp}`,
    OIDC_CLIENT_ID: "sallyport-console",
    OIDC_CLIENT_SECRET: secrets.consoleClientSecret,
    OIDC_AUDIENCE: given.OIDC_AUDIENCE || "urn:sallyport",
    OIDC_GROUPS_CLAIM: given.OIDC_GROUPS_CLAIM || "groups",
    SALLYPORT_ROLES: given.SALLYPORT_ROLES || DEMO_ROLES,
    SALLYPORT_MASTER_KEY: given.SALLYPORT_MASTER_KEY || secrets.masterKey,
    AUTH_SECRET: given.AUTH_SECRET || secrets.authSecret,
    CONSOLE_URL: given.CONSOLE_URL || `http://localhost:${ports.console}`,
    CONSOLE_HOST: given.CONSOLE_HOST || "127.0.0.1",
    PORT: String(ports.console),
    GATEWAY_HOST: given.GATEWAY_HOST || "127.0.0.1",
    GATEWAY_PORT: String(ports.gateway),
    GATEWAY_OPS_PORT: String(ports.ops),
    GATEWAY_TLS_CERT: given.GATEWAY_TLS_CERT || join(dataDir, "tls", "gateway.pem"),
    GATEWAY_TLS_KEY: given.GATEWAY_TLS_KEY || join(dataDir, "tls", "gateway-key.pem"),
    GATEWAY_TLS_CA: join(dataDir, "tls", "ca.pem"),
    GATEWAY_WORKERS: given.GATEWAY_WORKERS || "1",
    SPOOL_DIR: given.SPOOL_DIR || join(dataDir, "spool"),
    SPOOL_MAX_BYTES: given.SPOOL_MAX_BYTES || "",
    SPOOL_SEGMENT_BYTES: given.SPOOL_SEGMENT_BYTES || "",
    SPOOL_FSYNC: given.SPOOL_FSYNC || "os",
    LOG_LEVEL: given.LOG_LEVEL || "info",
  };
}

/**
 * The environment of a child: the person's own (PATH, locale, proxies), then the variables.
 * @param {Variables} variables @param {{ embeddedService?: boolean, extra?: Variables }} [options]
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(variables, { embeddedService = false, extra = {} } = {}) {
  const all = Object.fromEntries(
    Object.entries({ ...process.env, ...variables }).filter(
      ([name]) => !name.startsWith("npm_") && (embeddedService || !EMBEDDED_ONLY.includes(name)),
    ),
  );
  return {
    NODE_ENV: process.env.NODE_ENV ?? "development",
    ...all,
    NEXT_TELEMETRY_DISABLED: "1",
    SALLYPORT_LAUNCHER_PID: String(process.pid),
    ...extra,
  };
}
