import { readFile } from "node:fs/promises";
import { BATCH_HEAD_BYTES, type Batch, readBatch, readRecords, spoolGenesis } from "./format";
import { listSegments, segmentPath } from "./segment-files";

/** Where reading goes on: behind the last batch that was read. */
export interface ReadPlace {
  readonly segment: number;
  readonly offset: number;
  /** Hash of the batch before. */
  readonly hash: Buffer;
  /** Number of the next record. */
  readonly nextRecord: number;
}

/** Why no further batch was read. */
export type ReadEnd =
  | { readonly kind: "end" }
  /** Part of a batch that was never whole. */
  | { readonly kind: "torn"; readonly bytes: number }
  /** Something readable follows what is not: no crash leaves that. */
  | { readonly kind: "damaged" };

/** Start of a gateway's spool. */
export function spoolStart(gatewayId: string): ReadPlace {
  return { segment: 1, offset: 0, hash: spoolGenesis(gatewayId), nextRecord: 0 };
}

/** The place behind a batch that was read at `place`. */
function behind(place: ReadPlace, batch: Batch, records: number): ReadPlace {
  return { segment: place.segment, offset: batch.end, hash: batch.hash, nextRecord: batch.firstSequence + records };
}

export interface ReadBatch {
  readonly batch: Batch;
  readonly records: NonNullable<ReturnType<typeof readRecords>>;
  /** The place behind it. */
  readonly place: ReadPlace;
}

/** The batches of a segment's bytes from `from.offset` on. Pure. Returns where and why it ends. */
export function* readSegment(
  bytes: Buffer,
  from: ReadPlace,
): Generator<ReadBatch, { readonly place: ReadPlace; readonly end: ReadEnd }> {
  let place = from;
  for (;;) {
    const batch = readBatch(bytes, place.offset, place.hash);
    if (batch === "end") return { place, end: { kind: "end" } };
    if (batch === "torn") return { place, end: unreadable(bytes, place) };
    const records = readRecords(batch.payload);
    // The hash holds, so whoever wrote it was not this program.
    if (records === null || batch.firstSequence !== place.nextRecord) return { place, end: { kind: "damaged" } };
    place = behind(place, batch, records.length);
    yield { batch, records, place };
  }
}

function unreadable(bytes: Buffer, place: ReadPlace): ReadEnd {
  let end = bytes.length;
  while (end > place.offset && bytes[end - 1] === 0) end -= 1;
  const claimed = bytes.length - place.offset < BATCH_HEAD_BYTES ? 0 : bytes.readUInt32LE(place.offset);
  const follows = claimed > 0 && end > place.offset + BATCH_HEAD_BYTES + claimed;
  return follows || hasLaterBatch(bytes, place) ? { kind: "damaged" } : { kind: "torn", bytes: end - place.offset };
}

/** Whether something that looks like a later batch of the spool begins anywhere from `place` on. */
function hasLaterBatch(bytes: Buffer, { offset, nextRecord }: ReadPlace): boolean {
  for (let at = offset; at + BATCH_HEAD_BYTES < bytes.length; at += 1) {
    const length = bytes.readUInt32LE(at);
    const end = at + BATCH_HEAD_BYTES + length;
    if (length === 0 || end > bytes.length) continue;
    const first = bytes.readUInt32LE(at + 4) + bytes.readUInt32LE(at + 8) * 2 ** 32;
    if (first <= nextRecord || first > nextRecord + bytes.length) continue;
    if (readRecords(bytes.subarray(at + BATCH_HEAD_BYTES, end)) !== null) return true;
  }
  return false;
}

export interface SpoolEnd {
  readonly place: ReadPlace;
  /** Bytes of batches that were never whole. */
  readonly cut: number;
  /** Where the chain breaks; null when it is whole. Nothing behind it was read. */
  readonly damage: { readonly segment: number; readonly offset: number } | null;
}

/** The batches of a spool's directory that nobody writes to any more, from a place on. Rejects with the system's error. */
export async function* readSpool(directory: string, from: ReadPlace): AsyncGenerator<ReadBatch, SpoolEnd> {
  const segments = (await listSegments(directory)).filter((segment) => segment >= from.segment);
  let place = from;
  let cut = 0;
  /** Behind the last batch, until the next is found to follow it. */
  let damage: SpoolEnd["damage"] = null;
  for (const segment of segments) {
    const bytes = await readFile(segmentPath(directory, segment));
    if (segment !== place.segment) {
      if (readBatch(bytes, 0, place.hash) === "end") continue;
      const missing = segment !== place.segment + 1;
      damage = { segment: place.segment, offset: place.offset };
      if (missing || typeof readBatch(bytes, 0, place.hash) === "string") {
        // Nothing of what is here was ever whole: the crash came with the segment's first batch.
        const end = missing ? null : unreadable(bytes, { ...place, segment, offset: 0 });
        if (end?.kind !== "torn") return { place, cut, damage };
        cut += end.bytes;
        damage = null;
        continue;
      }
      damage = null;
      place = { ...place, segment, offset: 0 };
    }
    const reading = readSegment(bytes, place);
    for (;;) {
      const step = reading.next();
      if (step.done !== true) {
        place = step.value.place;
        yield step.value;
        continue;
      }
      const { end } = step.value;
      if (end.kind === "damaged") return { place, cut, damage: { segment: place.segment, offset: place.offset } };
      if (end.kind === "torn") cut += end.bytes;
      break;
    }
  }
  return { place, cut, damage };
}
