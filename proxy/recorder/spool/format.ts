import { createHash } from "node:crypto";

/**
 * A segment file is a run of batches, and zeros behind them where the file was made longer than what is in it.
 *
 * batch: u32 length of the payload | u64 number of its first record | 32 bytes hash | payload
 * payload: records, each u8 kind | u32 length | body
 *
 * Numbers are little-endian. The hash is SHA-256 over the batch's bytes with the hash of the batch before in the hash's place; the first
 * batch of a spool follows `spoolGenesis`, and the chain goes on from segment to segment. No batch is longer than `MAX_BATCH_BYTES`,
 * none is empty.
 */
export const BATCH_HEAD_BYTES = 44;
const HASH_AT = 12;
const HASH_BYTES = 32;
export const RECORD_HEAD_BYTES = 5;
export const MAX_BATCH_BYTES: number = 64 * 1024 * 1024;

/** Kinds of records; see records.ts for what is in them. */
export const RECORD_KINDS = {
  session_start: 1,
  statement_began: 2,
  statement_ended: 3,
  /** A statement that never went upstream, with its outcome. */
  statement: 4,
  session_end: 5,
  audit: 6,
  template: 7,
  /** See lib/recordings/frame; behind the session's id, 26 bytes. */
  frame: 8,
} as const;
export type RecordKind = keyof typeof RECORD_KINDS;

/** Hash that the first batch of a gateway's spool follows. */
export function spoolGenesis(gatewayId: string): Buffer {
  return createHash("sha256").update(`sallyport-spool-1:${gatewayId}`).digest();
}

/** Finishes the batch that `bytes[0, end)` is, payload in place, behind the one with that hash. Returns its own hash, a view on `bytes`. */
export function sealBatch(bytes: Buffer, end: number, firstSequence: number, previous: Buffer): Buffer {
  bytes.writeUInt32LE(end - BATCH_HEAD_BYTES, 0);
  bytes.writeBigUInt64LE(BigInt(firstSequence), 4);
  previous.copy(bytes, HASH_AT, 0, HASH_BYTES);
  const hash = createHash("sha256").update(bytes.subarray(0, end)).digest();
  hash.copy(bytes, HASH_AT);
  return bytes.subarray(HASH_AT, HASH_AT + HASH_BYTES);
}

export interface Batch {
  readonly firstSequence: number;
  readonly hash: Buffer;
  /** A view on the bytes it was read from. */
  readonly payload: Buffer;
  /** Offset behind it. */
  readonly end: number;
}

/**
 * The batch at `at` of a segment's bytes. `end`: only zeros, or nothing, from here on. `torn`: no whole batch that follows `previous`
 * begins here, which is what a crash leaves at the end of the last segment, and damage anywhere else.
 */
export function readBatch(bytes: Buffer, at: number, previous: Buffer): Batch | "end" | "torn" {
  if (isZero(bytes, at)) return "end";
  if (bytes.length - at < BATCH_HEAD_BYTES) return "torn";
  const length = bytes.readUInt32LE(at);
  const end = at + BATCH_HEAD_BYTES + length;
  if (length === 0 || length > MAX_BATCH_BYTES || end > bytes.length) return "torn";
  const hash = Buffer.from(bytes.subarray(at + HASH_AT, at + HASH_AT + HASH_BYTES));
  const expected = createHash("sha256")
    .update(bytes.subarray(at, at + HASH_AT))
    .update(previous)
    .update(bytes.subarray(at + BATCH_HEAD_BYTES, end))
    .digest();
  if (!hash.equals(expected)) return "torn";
  return {
    firstSequence: Number(bytes.readBigUInt64LE(at + 4)),
    hash,
    payload: bytes.subarray(at + BATCH_HEAD_BYTES, end),
    end,
  };
}

function isZero(bytes: Buffer, from: number): boolean {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] !== 0) return false;
  }
  return true;
}

export interface SpooledRecord {
  readonly kind: RecordKind;
  /** A view on the payload. */
  readonly body: Buffer;
}

const kinds = new Map<number, RecordKind>(
  Object.entries(RECORD_KINDS).map(([kind, byte]) => [byte, kind as RecordKind]),
);

/** The records of a payload; null when it is not made of them. */
export function readRecords(payload: Buffer): SpooledRecord[] | null {
  const records: SpooledRecord[] = [];
  let at = 0;
  while (at < payload.length) {
    if (payload.length - at < RECORD_HEAD_BYTES) return null;
    const kind = kinds.get(payload[at] ?? 0);
    const end = at + RECORD_HEAD_BYTES + payload.readUInt32LE(at + 1);
    if (kind === undefined || end > payload.length) return null;
    records.push({ kind, body: payload.subarray(at + RECORD_HEAD_BYTES, end) });
    at = end;
  }
  return records;
}
