// Where tests keep the databases, spools and products that they throw away. Node built-ins only: it runs before packages are installed.
import { accessSync, constants, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

const IN_MEMORY = "/dev/shm";
/** Several times what a run has there at any moment. Containers often have 64 MiB, which is too little. */
const ROOM_BYTES = 2 * 1024 ** 3;

/**
 * The folder to make temporary folders in: one in memory where the system has one with room, so that no test waits for a disk, else
 * the system's usual one. TMPDIR, where it is set, is somebody's choice.
 * @returns {string}
 */
export function scratchRoot() {
  if (process.env.TMPDIR) {
    return tmpdir();
  }
  try {
    accessSync(IN_MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ROOM_BYTES ? IN_MEMORY : tmpdir();
  } catch {
    // There is none, or it is not ours to write in.
    return tmpdir();
  }
}
