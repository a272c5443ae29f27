/** What happened on a session's wire, as the client saw it. */
export const FRAME_KINDS = {
  /** A command as the client sent it: command byte and body, without packet headers. */
  request: 1,
  /** Bytes of an answer as they went to the client, packet headers included, masked. */
  response: 2,
  /** From here on the answer is not recorded: its statement's limit is reached. No bytes. */
  cut: 3,
  /** From here on only the rows are left out: `shape`. No bytes. */
  rows_left_out: 4,
} as const;
export type FrameKind = keyof typeof FRAME_KINDS;

export interface Frame {
  readonly kind: FrameKind;
  /** Whose answer it is; null for commands that leave no record. */
  readonly statementId: string | null;
  /** Microseconds since the session's start. */
  readonly atUs: number;
  readonly bytes: Buffer;
}

const ID_LENGTH = 26;
const NO_ID = " ".repeat(ID_LENGTH);
/** Kind, time, statement id; the bytes follow. */
export const FRAME_HEAD_BYTES: number = 1 + 6 + ID_LENGTH;

const kinds = new Map<number, FrameKind>(Object.entries(FRAME_KINDS).map(([kind, byte]) => [byte, kind as FrameKind]));

/** Writes a frame's head at `at` and returns the offset behind it. */
export function writeFrameHead(
  into: Buffer,
  at: number,
  kind: FrameKind,
  statementId: string | null,
  atUs: number,
): number {
  into[at] = FRAME_KINDS[kind];
  into.writeUIntLE(Math.min(Math.max(0, Math.round(atUs)), 2 ** 48 - 1), at + 1, 6);
  into.write(statementId ?? NO_ID, at + 7, ID_LENGTH, "latin1");
  return at + FRAME_HEAD_BYTES;
}

/** The frame that `bytes` is, head and all; a view on them. Null when it is none. */
export function readFrame(bytes: Buffer): Frame | null {
  const kind = kinds.get(bytes[0] ?? 0);
  if (kind === undefined || bytes.length < FRAME_HEAD_BYTES) return null;
  const id = bytes.toString("latin1", 7, FRAME_HEAD_BYTES);
  return {
    kind,
    statementId: id === NO_ID ? null : id,
    atUs: bytes.readUIntLE(1, 6),
    bytes: bytes.subarray(FRAME_HEAD_BYTES),
  };
}
