import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { claimDirectory, isAdoptedBy, isOwnerAlive } from "../spool/owner";

const GATEWAY_ID = /^[0-9A-Z]{26}$/;
const NEW_MS = 10_000;

export interface AbandonedSpool {
  readonly gatewayId: string;
  readonly directory: string;
}

/** Spools below `root` of other gateways whose owner is dead, and those that the gateway `self` has claimed before. */
export function abandonedSpools(root: string, self: string): AbandonedSpool[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || !GATEWAY_ID.test(entry.name) || entry.name === self) return [];
    const directory = join(root, entry.name);
    const free = attempt(() => !isNew(directory) && !isOwnerAlive(directory)) || isClaimedBy(directory, self);
    return free ? [{ gatewayId: entry.name, directory }] : [];
  });
}

/** Takes an abandoned spool for the gateway `self`. False when somebody else was faster. */
export function claimSpool({ directory }: AbandonedSpool, self: string): boolean {
  return attempt(() => claimDirectory(directory, self)) || isClaimedBy(directory, self);
}

/** Its writer has made the directory, and is about to say that it is its own. */
function isNew(directory: string): boolean {
  const isOwned = readdirSync(directory).some((name) => name.startsWith("owner-"));
  return !isOwned && Date.now() - statSync(directory).mtimeMs < NEW_MS;
}

/** Its shipper's next thread goes on with it. */
function isClaimedBy(directory: string, self: string): boolean {
  return attempt(() => isAdoptedBy(directory, self));
}

/** False for what is not there: nobody has claimed it, or somebody removes it because it is in the store. */
function attempt(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
