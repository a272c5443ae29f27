import { COMMAND } from "../protocol/constants";
import { FRAME_HEADER } from "../protocol/frame";
import type { CurrentStatement } from "./current-statement";
import type { PreparedStatement } from "./prepared-statements";
import { MAX_REQUEST_BYTES, type Recording } from "./recording";

/** What is recorded of the commands themselves, where no statement's record tells it: `bytes[at, end)` from the packet's header on. */

/** A command that leaves no statement. */
export function recordRequest(recording: Recording, bytes: Buffer, at: number, end: number): void {
  recording.begin(null);
  recording.request(bytes, at + FRAME_HEADER, end);
}

/** One that the gateway refuses unread: its body may be a login's, so that no more than its kind is recorded. */
export function recordRefused(recording: Recording, bytes: Buffer, at: number): void {
  recordRequest(recording, bytes, at, at + FRAME_HEADER + 1);
}

/** One that goes upstream, once it has been read: those with a text have that in their record. */
export function recordRelayed(
  recording: Recording,
  { command, code, id, prepared }: CurrentStatement,
  bytes: Buffer,
  at: number,
  end: number,
): void {
  if (code === COMMAND.STMT_FETCH && prepared?.cursor != null) recording.resume(prepared.cursor.answered);
  else recording.begin(command === null ? null : id);
  if (command === null || code === COMMAND.STMT_EXECUTE) recording.request(bytes, at + FRAME_HEADER, end);
}

/** Command byte, statement and parameter. */
const LONG_DATA_HEAD = 7;

/** However many come for one execution, no more is recorded of them than of any command; each is seen to have come. */
export function recordLongData(
  recording: Recording,
  prepared: PreparedStatement,
  bytes: Buffer,
  at: number,
  end: number,
): void {
  const from = at + FRAME_HEADER;
  const atMost = Math.max(LONG_DATA_HEAD, MAX_REQUEST_BYTES - prepared.longDataRecorded);
  recording.begin(null);
  recording.request(bytes, from, end, atMost);
  prepared.longDataRecorded += Math.min(atMost, end - from);
}
