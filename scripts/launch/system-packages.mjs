// Programs that come from the operating system: installed by apt when that needs no question, otherwise one clear message.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { findMariadbd } from "../mariadb.mjs";
import { patiently, step } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";
import { run } from "./tied-process.mjs";

/** @typedef {{ name: string, isThere: () => boolean, debian: readonly string[], mac: string, other: string }} Program */

/** @param {string} script */
const succeeds = (script) => spawnSync("sh", ["-c", script], { stdio: "ignore" }).status === 0;
/** @param {string} command */
const onPath = (command) => succeeds(`command -v ${command}`);

/** @type {Program} */
export const MARIADB = {
  name: "MariaDB",
  isThere: () => findMariadbd() !== null && onPath("mariadb-install-db"),
  // Not mariadb-server: that one starts a service on port 3306.
  debian: ["mariadb-server-core", "mariadb-client-core"],
  mac: "brew install mariadb",
  other: "install MariaDB 10.11 or newer (the programs mariadbd and mariadb-install-db)",
};

/** @type {Program} */
export const MARIADB_CLIENT = {
  name: "MariaDB's command line client",
  isThere: () => onPath("mariadb"),
  debian: ["mariadb-client-core"],
  mac: "brew install mariadb",
  other: "install MariaDB's command line client (the program mariadb)",
};

/** @type {Program} */
export const CURL = {
  name: "curl",
  isThere: () => onPath("curl"),
  debian: ["curl"],
  mac: "brew install curl",
  other: "install curl",
};

/** @type {Program} */
export const PHP = {
  name: "PHP with mysqli and PDO",
  isThere: () => succeeds('php -r \'exit(extension_loaded("mysqli") && extension_loaded("pdo_mysql") ? 0 : 1);\''),
  debian: ["php-cli", "php-mysql"],
  mac: "brew install php",
  other: "install PHP's command line program with the extensions mysqli and pdo_mysql",
};

/** For the system's Python, which comes before a version manager's in the tests. @type {Program} */
export const PYMYSQL = {
  name: "PyMySQL",
  isThere: () => succeeds("PATH=/usr/bin:$PATH python3 -c 'import pymysql'"),
  debian: ["python3-pymysql"],
  mac: "/usr/bin/python3 -m pip install --user pymysql",
  other: "install Python 3 and PyMySQL (python3 -m pip install pymysql)",
};

/** @type {Program} */
export const CHROMIUM = {
  name: "Chromium",
  isThere: () => chromiumPath() !== null,
  debian: ["chromium"],
  mac: "brew install --cask chromium",
  other: "install Chromium or Google Chrome, or set CHROMIUM_PATH to its program",
};

/** @returns {string | null} the browser for the tests: CHROMIUM_PATH, or the system's */
export function chromiumPath() {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    return existsSync(given) ? given : null;
  }
  const places = [
    "/usr/bin/chromium",
    "/usr/bin/google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return places.find((path) => existsSync(path)) ?? null;
}

function isDebian() {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
  } catch {
    return false;
  }
}

/** Installs what is missing, or says what to run. @param {readonly Program[]} programs */
export async function installPrograms(programs) {
  const missing = programs.filter((program) => !program.isThere());
  if (missing.length === 0) {
    return;
  }
  const names = missing.map((program) => program.name).join(" and ");
  const packages = missing.flatMap((program) => program.debian);
  if (!isDebian()) {
    const remedy = missing.map((program) => (process.platform === "darwin" ? program.mac : program.other)).join("\n  ");
    throw new SetupError(
      `${names} ${missing.length > 1 ? "are" : "is"} not installed. Run this, then the same command again:\n\n  ${remedy}\n`,
    );
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      `${names} ${missing.length > 1 ? "are" : "is"} not installed. Run this, then the same command again:\n\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(" ")}\n`,
    );
  }
  step(`installing ${names} (apt-get install ${packages.join(" ")})`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  await run("apt-get", [...wait, "update"], { env, what: "apt-get update" });
  const installing = run("apt-get", [...wait, "install", "-y", "--no-install-recommends", ...packages], {
    env,
    what: `Installing ${names}`,
    next: "Look at apt's message above, then run the same command again.",
  });
  await patiently(`installing ${names}`, installing);
  const still = missing.filter((program) => !program.isThere());
  if (still.length > 0) {
    throw new SetupError(
      `${still.map((p) => p.name).join(" and ")} still cannot be found after apt-get install ${packages.join(" ")}.`,
    );
  }
  step(`${names} installed`);
}
