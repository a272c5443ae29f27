// The data directory of the embedded default: who uses it now, generated secrets, and the environment its processes run with.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { commandLineOf, isAlive } from "./processes.mjs";
import { SetupError } from "./setup-error.mjs";

const STOP_SECONDS = 30;

/** @typedef {{ pid: number, children: Record<string, number> }} RunRecord */

/** Writes a file that only its owner may read, whole or not at all. @param {string} path @param {string} text */
export function writePrivate(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

/** @param {string} dataDir */
const recordPath = (dataDir) => join(dataDir, "run.json");

/** @param {string} dataDir @returns {RunRecord | null} */
function readRecord(dataDir) {
  try {
    const record = JSON.parse(readFileSync(recordPath(dataDir), "utf8"));
    return typeof record?.pid === "number" ? record : null;
  } catch {
    return null;
  }
}

/** The process id of the launcher that runs in this data directory, or null. @param {string} dataDir */
export function runningLauncher(dataDir) {
  const record = readRecord(dataDir);
  // Process ids are reused: only a launcher counts.
  return record && isAlive(record.pid) && /start\.mjs/.test(commandLineOf(record.pid)) ? record.pid : null;
}

/**
 * Takes the data directory for this process. Throws SetupError when another start runs in it; ends what a start that was killed left behind.
 * @param {string} dataDir
 */
export async function claim(dataDir) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const gate = join(dataDir, "run.lock");
  for (;;) {
    try {
      writeFileSync(gate, String(process.pid), { flag: "wx", mode: 0o600 });
      break;
    } catch {
      const holder = Number(readIfThere(gate));
      if (holder !== process.pid && isAlive(holder) && /start\.mjs/.test(commandLineOf(holder))) {
        throw new SetupError(
          `Sallyport is already running in ${dataDir} (process ${holder}).\nStop it first (Ctrl-C there, or: kill ${holder}), or use another directory and other ports: DATA_DIR=.data-2 npm start`,
        );
      }
      rmSync(gate, { force: true });
    }
  }
  const left = readRecord(dataDir);
  if (left) {
    await endLeftovers(dataDir, left);
  }
  writePrivate(recordPath(dataDir), JSON.stringify({ pid: process.pid, children: {} }));
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** @param {string} dataDir @param {RunRecord} record */
async function endLeftovers(dataDir, record) {
  const left = Object.values(record.children).filter((pid) => isAlive(pid) && isOurs(pid, dataDir));
  for (const pid of left) {
    process.kill(pid, "SIGTERM");
  }
  const deadline = Date.now() + STOP_SECONDS * 1000;
  while (left.some(isAlive)) {
    if (Date.now() > deadline) {
      throw new SetupError(
        `A process of an earlier start does not end: ${left.filter(isAlive).join(", ")}.\nEnd it with: kill -9 ${left.filter(isAlive).join(" ")}`,
      );
    }
    await delay(100);
  }
}

/** Whether a process still is what the record says: ids are reused. @param {number} pid @param {string} dataDir */
function isOurs(pid, dataDir) {
  const line = commandLineOf(pid);
  return line.includes(`--datadir=${join(dataDir, "mariadb")}`) || line.includes("die-with-parent.mjs");
}

/** Notes a child, so that the next start can end it should this process be killed. @param {string} dataDir @param {Record<string, number>} children */
export function noteChildren(dataDir, children) {
  writePrivate(recordPath(dataDir), JSON.stringify({ pid: process.pid, children }));
}

/** Gives the data directory back. @param {string} dataDir */
export function release(dataDir) {
  rmSync(recordPath(dataDir), { force: true });
  rmSync(join(dataDir, "run.lock"), { force: true });
}

/**
 * The secrets of the embedded default, made at the first start.
 * @param {string} dataDir
 * @returns {Record<"storePassword" | "shopPassword" | "shopOwnerPassword" | "masterKey" | "authSecret" | "consoleClientSecret", string>}
 */
export function secretsOf(dataDir) {
  const path = join(dataDir, "secrets.json");
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
  const secrets = {
    storePassword: known.storePassword ?? randomBytes(24).toString("hex"),
    shopPassword: known.shopPassword ?? randomBytes(24).toString("hex"),
    shopOwnerPassword: known.shopOwnerPassword ?? randomBytes(24).toString("hex"),
    masterKey: known.masterKey ?? randomBytes(32).toString("base64"),
    authSecret: known.authSecret ?? randomBytes(32).toString("base64"),
    consoleClientSecret: known.consoleClientSecret ?? randomBytes(32).toString("hex"),
  };
  if (Object.keys(secrets).some((name) => known[name] === undefined)) {
    writePrivate(path, `${JSON.stringify(secrets, null, 2)}\n`);
  }
  return secrets;
}
