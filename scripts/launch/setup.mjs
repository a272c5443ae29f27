// What must be there before anything runs: packages, system programs, builds.
import { installPackages, requireNode } from "./packages.mjs";
import { SetupError } from "./setup-error.mjs";
import { installPrograms } from "./system-packages.mjs";

/**
 * Installs packages and system programs at the same time. Rejects with every problem at once.
 * @param {readonly import("./system-packages.mjs").Program[]} programs
 */
export async function installAll(programs) {
  requireNode();
  const results = await Promise.allSettled([installPackages(), installPrograms(programs)]);
  const reasons = results.filter((result) => result.status === "rejected").map((result) => result.reason);
  if (reasons.length === 1) {
    throw reasons[0];
  }
  if (reasons.length > 1) {
    throw new SetupError(reasons.map((reason) => reason.message).join("\n\n"));
  }
}
