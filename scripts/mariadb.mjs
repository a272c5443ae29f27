// Runs a private MariaDB server: its own data directory, loopback only, no system service touched. Node built-ins only: it runs before packages are installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { run, spawnTied } from "./launch/tied-process.mjs";

const START_SECONDS = 60;
/** How long a server may take to write its pages and end. */
const STOP_SECONDS = 20;
/** The shortest limit there is (macOS has 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 103;

/** @returns {string | null} the path of the installed server program, or null */
export function findMariadbd() {
  const found = spawnSync(
    "sh",
    [
      "-c",
      "command -v mariadbd || ls /usr/sbin/mariadbd /usr/local/sbin/mariadbd /opt/homebrew/bin/mariadbd 2>/dev/null | head -n 1",
    ],
    {
      encoding: "utf8",
    },
  );
  return found.stdout.trim().split("\n")[0] || null;
}

/** @returns {Promise<number>} a TCP port of 127.0.0.1 that was free a moment ago */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    // The server speaks first: a greeting means that it accepts logins.
    socket.once("data", (data) => {
      socket.destroy();
      resolve(data.length > 5);
    });
    socket.once("error", () => resolve(false));
    socket.setTimeout(2000, () => {
      socket.destroy();
      resolve(false);
    });
  });
}

/** Makes an empty data directory, whole or not at all: a start that was cut off leaves nothing half-made. @param {string} dataDir @param {readonly string[]} asRoot */
async function install(dataDir, asRoot) {
  const fresh = `${dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  await run(
    "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${fresh}`,
      // A server deletes what other servers left in its folder for temporary tables: each needs its own.
      `--tmpdir=${fresh}`,
      "--skip-test-db",
      "--auth-root-authentication-method=socket",
      ...asRoot,
    ],
    { what: "Making the database's data directory (mariadb-install-db)" },
  );
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(fresh, dataDir);
}

/** A folder for socket and pid file, beside the data where the path allows: then the next start clears what a killed one left. @param {string} dataDir */
function makeRunDir(dataDir) {
  const beside = `${dataDir}.run`;
  // A socket path has at most 107 bytes (unix(7)), and a project may live deep down.
  if (Buffer.byteLength(join(beside, "db.sock")) > MAX_SOCKET_PATH) {
    return mkdtempSync(join(tmpdir(), "sallyport-db-"));
  }
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true, mode: 0o700 });
  return beside;
}

/**
 * Creates the data directory if it is not there and starts the server.
 * @param {{ dataDir: string, port: number, initSql: string, extraArgs?: string[], logFile?: string, onSpawn?: (pid: number) => void }} options
 *   `initSql` runs at every start as root (one statement a line); `onSpawn` gets the process id before the server answers
 * @returns {Promise<{ port: number, pid: number, exited: Promise<number | null>, stop: () => Promise<void>, kill: () => void }>}
 */
export async function startMariadb({ dataDir, port, initSql, extraArgs = [], logFile, onSpawn }) {
  const server = findMariadbd();
  if (!server) {
    throw new Error(
      "MariaDB is not installed. On Debian or Ubuntu run: apt-get install mariadb-server-core mariadb-client-core",
    );
  }
  const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];
  if (!existsSync(join(dataDir, "mysql"))) {
    await install(dataDir, asRoot);
  }
  const runDir = makeRunDir(dataDir);
  const initFile = join(runDir, "init.sql");
  writeFileSync(initFile, `${initSql}\n`, { mode: 0o600 });
  const args = [
    "--no-defaults",
    ...asRoot,
    `--datadir=${dataDir}`,
    `--tmpdir=${runDir}`,
    `--socket=${join(runDir, "db.sock")}`,
    `--pid-file=${join(runDir, "db.pid")}`,
    `--init-file=${initFile}`,
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    "--skip-name-resolve",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--default-time-zone=+00:00",
    "--max-allowed-packet=64M",
    ...(logFile ? [`--log-error=${logFile}`] : []),
    ...extraArgs,
  ];
  // Not TERM: a server that gets it in the middle of its start hangs for good. A killed one recovers at its next start.
  const child = spawnTied(server, args, { stdio: ["ignore", "ignore", "pipe"] }, "KILL");
  onSpawn?.(child.pid ?? 0);
  let said = "";
  child.stderr?.on("data", (text) => {
    said = (said + text).slice(-4000);
  });
  let gone = false;
  const exited = new Promise((resolve) => {
    child.once("exit", (code) => {
      gone = true;
      rmSync(runDir, { recursive: true, force: true });
      resolve(code);
    });
    child.once("error", (error) => {
      gone = true;
      said += error.message;
      resolve(null);
    });
  });
  const kill = () => {
    child.kill("SIGKILL");
  };
  const stop = async () => {
    if (!gone) {
      child.kill("SIGTERM");
    }
    const impatient = setTimeout(kill, STOP_SECONDS * 1000);
    await exited;
    clearTimeout(impatient);
  };
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await answers(port))) {
    if (gone || Date.now() > deadline) {
      await stop();
      throw new Error(`MariaDB did not start on 127.0.0.1:${port}${logFile ? ` (see ${logFile})` : ""}:\n${said}`);
    }
    await delay(50);
  }
  // The accounts are made; their passwords need not stay on the disk.
  rmSync(initFile, { force: true });
  return { port, pid: child.pid ?? 0, exited, stop, kill };
}
