// The npm packages: installed when they are missing or the lock file changed.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, isCurrent, markCurrent } from "./fingerprint.mjs";
import { ROOT } from "./paths.mjs";
import { patiently, step } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";
import { run } from "./tied-process.mjs";

const STAMP = join(ROOT, "node_modules", ".sallyport-lock");

/** The oldest Node that package.json allows. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).engines.node.replace(">=", "");
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [needMajor = 0, needMinor = 0] = wanted.split(".").map(Number);
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new SetupError(
      `This is Node ${process.versions.node}, but Sallyport needs ${wanted} or newer.\nInstall a current one from https://nodejs.org, or with nvm: nvm install ${needMajor + 2}`,
    );
  }
}

/** @param {string} name a package that the lock file has for this machine @returns {boolean} */
const isThere = (name) => existsSync(join(ROOT, "node_modules", name, "package.json"));

/** Installs what the lock file says, when it is not there yet. */
export async function installPackages() {
  const wanted = fingerprint(["package-lock.json"]);
  if (isCurrent(STAMP, wanted) && isThere("next")) {
    return;
  }
  // Packages that npm itself put there after the lock file's last change are as good.
  if (!existsSync(STAMP) && isThere("next") && lockMatches()) {
    markCurrent(STAMP, wanted);
    return;
  }
  step("installing packages (npm ci, about a minute)");
  const installing = run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
    cwd: ROOT,
    what: "Installing the packages (npm ci)",
    next: "Look at npm's message above; often the registry could not be reached. Then run the same command again.",
  });
  await patiently("installing packages", installing);
  markCurrent(STAMP, wanted);
  step("packages installed");
}

/** Whether npm's record of what it installed agrees with the lock file. */
function lockMatches() {
  const installed = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) {
    return false;
  }
  const { packages: has } = JSON.parse(readFileSync(installed, "utf8"));
  const { packages: wants } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  return Object.entries(wants).every(
    ([path, entry]) => path === "" || entry.optional || has[path]?.version === entry.version,
  );
}
