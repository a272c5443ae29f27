import { BATCH_HEAD_BYTES, type Batch, MAX_BATCH_BYTES, readRecords } from "./format";

const SEQUENCE_AT = 4;
const HASH_AT = 12;

/**
 * What has a batch's form at `at`, where one must begin: a head with a number not below `minSequence`, and records that fill its payload
 * exactly. Its hash can not be checked, because what it follows is lost. Null when nothing has.
 */
export function batchAt(bytes: Buffer, at: number, minSequence: number): Batch | null {
  if (at + BATCH_HEAD_BYTES >= bytes.length) return null;
  const length = bytes.readUInt32LE(at);
  const end = at + BATCH_HEAD_BYTES + length;
  if (length === 0 || length > MAX_BATCH_BYTES || end > bytes.length) return null;
  const sequence = bytes.readBigUInt64LE(at + SEQUENCE_AT);
  // Numbers go up by one per record: one far away is no number.
  if (sequence < BigInt(minSequence) || sequence > BigInt(minSequence) + 2n ** 32n) return null;
  const payload = bytes.subarray(at + BATCH_HEAD_BYTES, end);
  const records = readRecords(payload);
  if (records === null) return null;
  const hash = Buffer.from(bytes.subarray(at + HASH_AT, at + BATCH_HEAD_BYTES));
  return { firstSequence: Number(sequence), hash, payload, end };
}
