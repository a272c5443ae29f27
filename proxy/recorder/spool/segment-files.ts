import fs from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const open = promisify(fs.open);
const close = promisify(fs.close);
const write = promisify(fs.write);
const unlink = promisify(fs.unlink);
const fdatasync = promisify(fs.fdatasync);

const ZEROS = Buffer.alloc(1024 * 1024);
/** Records hold what clients were shown. */
const OWNER_ONLY = 0o600;
const NAME = /^(\d{8,})\.log$/;

/** Path of a segment; segments count from 1. */
export function segmentPath(directory: string, segment: number): string {
  return join(directory, `${String(segment).padStart(8, "0")}.log`);
}

/** Numbers of a spool's segments that exist, lowest first. Throws ENOENT when there is no such directory. */
export function listSegments(directory: string): number[] {
  const names = fs.readdirSync(directory);
  const numbers = names.flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
  return numbers.toSorted((a, b) => a - b);
}

/** How a spool gets at its files; tests put faults in between. All of it fails with the system's error. */
export interface SegmentFiles {
  /** A new file filled with zeros, so that there is room for what goes into it later. Leaves nothing behind when it fails. */
  prepare(path: string, bytes: number): Promise<number>;
  /** A new empty file, which grows. */
  create(path: string): number;
  /** All of `bytes` at that offset. */
  write(fd: number, bytes: Buffer, offset: number): void;
  sync(fd: number): Promise<void>;
  /** Makes the names in a directory as lasting as what the files hold. */
  syncNames(directory: string): Promise<void>;
  close(fd: number): void;
  rename(path: string, to: string): void;
  remove(path: string): Promise<void>;
}

export const segmentFiles: SegmentFiles = {
  async prepare(path, bytes) {
    const fd = await open(path, "wx", OWNER_ONLY);
    try {
      for (let at = 0; at < bytes; ) {
        const { bytesWritten } = await write(fd, ZEROS, 0, Math.min(ZEROS.length, bytes - at), at);
        at += bytesWritten;
      }
      return fd;
    } catch (error) {
      await close(fd);
      await unlink(path);
      throw error;
    }
  },
  create: (path) => fs.openSync(path, "wx", OWNER_ONLY),
  write(fd, bytes, offset) {
    for (let at = 0; at < bytes.length; ) {
      at += fs.writeSync(fd, bytes, at, bytes.length - at, offset + at);
    }
  },
  sync: (fd) => fdatasync(fd),
  async syncNames(directory) {
    const fd = await open(directory, "r");
    await fdatasync(fd).finally(() => close(fd));
  },
  // Nothing is buffered here: what closing could still report, writing or syncing has.
  close: (fd) => fs.close(fd, () => undefined),
  rename: (path, to) => fs.renameSync(path, to),
  remove: (path) => unlink(path),
};
