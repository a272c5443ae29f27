import { readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const ownerFile = z.object({ pid: z.int(), startTicks: z.coerce.number(), bootId: z.string() });
/** `GATEWAY` or, once claimed, `GATEWAY.ADOPTER`. */
const SPOOL_DIRECTORY = /^([0-9A-Z]{26})(?:\.([0-9A-Z]{26}))?$/;
const START_TICKS_FIELD = 19;
const NEW_MS = 10_000;

/** Whether the process that wrote `owner.json` into a spool's directory still runs: a process id alone may be somebody else's by now. */
export function ownerLives(directory: string): boolean {
  let text: string;
  try {
    text = readFileSync(join(directory, "owner.json"), "utf8");
  } catch {
    // Between making the directory and naming its owner.
    return Date.now() - (statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? 0) < NEW_MS;
  }
  const owner = ownerFile.safeParse(parsed(text));
  if (!owner.success || owner.data.bootId !== bootId()) return false;
  return startTicks(owner.data.pid) === owner.data.startTicks;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Changes with every start of the machine. */
export function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** When a process started, in clock ticks since the machine did; null when there is none (proc(5), /proc/pid/stat). */
export function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name stands in brackets and may contain anything.
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_TICKS_FIELD]);
  } catch {
    return null;
  }
}

export interface AbandonedSpool {
  readonly gatewayId: string;
  readonly directory: string;
}

/** Spools below `root` whose writer is dead and that nobody alive has claimed. */
export function abandonedSpools(root: string): AbandonedSpool[] {
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const [, gatewayId, adopter] = SPOOL_DIRECTORY.exec(entry.name) ?? [];
    if (!entry.isDirectory() || gatewayId === undefined) return [];
    const directory = join(root, entry.name);
    // Who claimed one has a spool itself, as long as it lives.
    const held = adopter === undefined ? ownerLives(directory) : ownerLives(join(root, adopter));
    return held ? [] : [{ gatewayId, directory }];
  });
}

/** Takes an abandoned spool for the gateway `adopter`: by a rename, which only one can do. Null when somebody else was faster. */
export function claimSpool(root: string, spool: AbandonedSpool, adopter: string): AbandonedSpool | null {
  const directory = join(root, `${spool.gatewayId}.${adopter}`);
  try {
    renameSync(spool.directory, directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return { gatewayId: spool.gatewayId, directory };
}
