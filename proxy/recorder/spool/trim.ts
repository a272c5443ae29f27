import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { spoolGenesis } from "./format";
import { listSegments, segmentPath } from "./segment-files";

const START_FILE = "start.json";
/** Of the file, whatever it says. */
const START_BYTES = 256;

/** Where reading begins, and the hash that the first batch there follows; null when that is not known. */
export interface SpoolStart {
  readonly segment: number;
  readonly previous: Buffer | null;
}

export interface KnownStart extends SpoolStart {
  readonly previous: Buffer;
}

const startFile = z
  .string()
  .transform((text, issue) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      issue.addIssue({ code: "custom", message: "is no JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ segment: z.int().min(1), previous: z.hex().length(64) }));

/** From the spool's first batch, or from where `trimSegments` left it. */
export function readStart(directory: string, gatewayId: string): SpoolStart {
  let text: string;
  try {
    text = readFileSync(join(directory, START_FILE), "utf8");
  } catch {
    return { segment: 1, previous: spoolGenesis(gatewayId) };
  }
  const start = startFile.safeParse(text);
  if (!start.success) return { segment: listSegments(directory)[0] ?? 1, previous: null };
  return { segment: start.data.segment, previous: Buffer.from(start.data.previous, "hex") };
}

function startText({ segment, previous }: KnownStart): string {
  return JSON.stringify({ segment, previous: previous.toString("hex") }).padEnd(START_BYTES);
}

/** The start of a new spool, at its first batch. Throws the system's error. */
export function writeStart(directory: string, gatewayId: string): void {
  const start = { segment: 1, previous: spoolGenesis(gatewayId) };
  writeFileSync(join(directory, START_FILE), startText(start), { flag: "wx", mode: 0o600 });
}

/**
 * Deletes the segments before `start`. What the first one left follows is kept first, so that a crash in between loses nothing: in place,
 * in one write of less than a sector, because a full disk has no room for another file, and it is this that makes some.
 */
export function trimSegments(directory: string, start: KnownStart, damaged: ReadonlySet<number>): void {
  const file = openSync(join(directory, START_FILE), constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    writeSync(file, startText(start), 0);
  } finally {
    closeSync(file);
  }
  for (const segment of listSegments(directory)) {
    if (segment < start.segment) removeSegment(directory, segment, damaged);
  }
}

const DONE = ".done";

/** Removes a spool that is in the store whole; by another name first, so that nobody takes what is left of it for a spool. */
export function removeSpool(directory: string, damaged: ReadonlySet<number>): void {
  for (const segment of listSegments(directory)) removeSegment(directory, segment, damaged);
  renameSync(directory, `${directory}${DONE}`);
  rmSync(`${directory}${DONE}`, { recursive: true, force: true });
}

/** What removals left behind that were cut off. */
export function removeLeftovers(root: string): void {
  for (const name of readdirSync(root)) {
    if (name.endsWith(DONE)) rmSync(join(root, name), { recursive: true, force: true });
  }
}

/** One with damage is kept beside the spool's directory, for people to look at. */
function removeSegment(directory: string, segment: number, damaged: ReadonlySet<number>): void {
  const path = segmentPath(directory, segment);
  if (damaged.has(segment)) renameSync(path, `${directory}-${basename(path, ".log")}.damaged`);
  else rmSync(path, { force: true });
}
