import { linkSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from "node:fs";
import { utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

/**
 * Whose a spool's directory is: `owner-<n>.json`, the highest number counts. Nothing is ever replaced, so that of several that want to
 * adopt a directory one wins: the file with the next number can be made once.
 */
const NAME = /^owner-(\d+)\.json$/;

const ownerProcess = z.object({
  pid: z.number().int(),
  /** When the process started, in clock ticks since the boot; null on systems without /proc. */
  startTicks: z.string().nullable(),
  bootId: z.string().nullable(),
  /** The same after a machine has started anew; null where that is not known. */
  machine: z.string().nullable().default(null),
  /** Of the process ids: a container's differ from its machine's. */
  namespace: z.string().nullable(),
});
type OwnerProcess = z.output<typeof ownerProcess>;

/** With its process in one file: there is no moment, and no full disk, between the two. */
const ownerSchema = ownerProcess.extend({
  /** Id of the gateway that has adopted the directory; null of the one that made it. */
  adopter: z.string().nullable().default(null),
});
type SpoolOwner = z.output<typeof ownerSchema>;

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

/** Field 22 of /proc/<pid>/stat; the second, a name in parentheses, may contain anything. */
function startTicks(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function namespace(): string | null {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return null;
  }
}

const bootId = () => read("/proc/sys/kernel/random/boot_id");

/** With the host's name, because images of machines are copied with the id in them (machine-id(5)). */
function machineOf(): string | null {
  const id = read("/etc/machine-id") ?? "";
  return id === "" ? null : `${id} ${hostname()}`;
}

/** Once: a host that is given another name stays the owner of what is its own. */
const MACHINE = machineOf();

function thisProcess(): OwnerProcess {
  const { pid } = process;
  return { pid, startTicks: startTicks(pid), bootId: bootId(), machine: MACHINE, namespace: namespace() };
}

function generations(directory: string): number[] {
  return readdirSync(directory)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

function pathOf(directory: string, generation: number): string {
  return join(directory, `owner-${generation}.json`);
}

/** Makes the file of that number with its content in one step; false when somebody else has. */
function put(directory: string, generation: number, adopter: string | null): boolean {
  const draft = join(directory, `owner-${process.pid}-${process.hrtime.bigint()}.draft`);
  try {
    writeFileSync(draft, JSON.stringify({ ...thisProcess(), adopter }), { flag: "wx", mode: 0o600 });
    linkSync(draft, pathOf(directory, generation));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Makes this process the owner of a new directory. Throws the system's error. */
export function writeOwner(directory: string): void {
  if (!put(directory, 1, null)) throw new Error(`${directory} has an owner already`);
}

/** How often an owner says that it lives, and how old that may be, for those that do not see its process. */
export const OWNER_BEAT_MS = 5_000;
const OWNER_LOST_MS = 60_000;

/**
 * For the process that writes to a directory or has adopted it: says that it lives. Does nothing for one that owns it no more, so that
 * nobody keeps a dead adopter's file young. Rejects with the system's error.
 */
export async function touchOwner(directory: string): Promise<void> {
  const generation = generations(directory).at(-1) ?? 0;
  const owner = ownerOf(directory, generation);
  if (!isDeepStrictEqual(owner, { ...thisProcess(), adopter: owner?.adopter ?? null })) return;
  const now = new Date();
  await utimes(pathOf(directory, generation), now, now);
}

function isAlive(owner: SpoolOwner, path: string): boolean {
  const isSameBoot = owner.bootId === bootId();
  // Nothing outlives its machine's end.
  if (!isSameBoot && owner.machine !== null && owner.machine === MACHINE) return false;
  // Another machine's or container's processes are not seen from here.
  if (!isSameBoot || owner.namespace !== namespace()) return Date.now() - statSync(path).mtimeMs < OWNER_LOST_MS;
  if (owner.startTicks !== null) return startTicks(owner.pid) === owner.startTicks;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function ownerOf(directory: string, generation: number): SpoolOwner | null {
  const text = read(pathOf(directory, generation));
  if (text === null) return null;
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function lives(directory: string, generation: number): boolean {
  const owner = ownerOf(directory, generation);
  return owner !== null && isAlive(owner, pathOf(directory, generation));
}

/** Whether the process that writes to a spool's directory, or has adopted it, lives. Throws ENOENT when there is no such directory. */
export function isOwnerAlive(directory: string): boolean {
  return lives(directory, generations(directory).at(-1) ?? 0);
}

/** Whether this gateway has adopted the directory, and nobody else since. Throws ENOENT when there is no such directory. */
export function isAdoptedBy(directory: string, gatewayId: string): boolean {
  return ownerOf(directory, generations(directory).at(-1) ?? 0)?.adopter === gatewayId;
}

/** Makes a gateway of this process the owner of a dead one's directory. False when its owner lives, or another process was faster. */
export function claimDirectory(directory: string, gatewayId: string): boolean {
  const last = generations(directory).at(-1) ?? 0;
  if (lives(directory, last)) return false;
  return put(directory, last + 1, gatewayId);
}
