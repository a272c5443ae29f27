import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BatchBuffer } from "./batch-buffer";
import { spoolGenesis } from "./format";
import { readWhole } from "./read-whole.fixture";
import { segmentPath } from "./segment-files";

const GATEWAY = "01K00000000000000000000000";
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sallyport-read-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Batches of a spool, one after the other, each with as many pairs of records as told. */
function batchesOf<const T extends readonly number[]>(...pairs: T): { readonly [K in keyof T]: Buffer } {
  let hash = spoolGenesis(GATEWAY);
  let nextRecord = 0;
  const buffer = new BatchBuffer();
  const made = pairs.map((count) => {
    for (let at = 0; at < count; at += 1) {
      buffer.appendText("session_end", JSON.stringify({ id: String(nextRecord + at), text: "é".repeat(at) }));
      buffer.appendFrame(GATEWAY, "response", null, at, Buffer.from([1, 0, 0, 1, 0, 5, 0, 0, 2]), 0, 9);
    }
    const sealed = buffer.seal(nextRecord, hash);
    nextRecord += buffer.records;
    hash = Buffer.from(sealed.hash);
    const bytes = Buffer.from(sealed.bytes);
    buffer.clear();
    return bytes;
  });
  // As long as what it was made of, which `map` does not say of a tuple.
  return made as { [K in keyof T]: Buffer };
}

const ZEROS = Buffer.alloc(3000);
const batches = batchesOf(1, 3, 2, 5);
const [one, two, three, four] = batches;
const whole = Buffer.concat(batches);
/** Offsets behind each batch. */
const ends = batches.map((_, at) => Buffer.concat(batches.slice(0, at + 1)).length);
/** Number of the first record of each batch, and of the one that would come next. */
const FIRST = [0, 2, 8, 12, 22];
const wholeAt = (length: number) => ends.filter((end) => end <= length).length;

/** Reads segments of these bytes; null: there is none of that number. */
function read(...segments: readonly (Buffer | null)[]) {
  for (const [at, bytes] of segments.entries()) {
    if (bytes !== null) writeFileSync(segmentPath(folder, at + 1), bytes);
  }
  const { batches: found, ...rest } = readWhole(folder, GATEWAY);
  for (const [at, bytes] of segments.entries()) {
    if (bytes !== null) rmSync(segmentPath(folder, at + 1));
  }
  return { ...rest, found, firsts: found.map((batch) => batch.firstSequence) };
}

function withoutZeros(bytes: Buffer): number {
  return bytes.findLastIndex((byte) => byte !== 0) + 1;
}

describe("a spool that a crash has cut", () => {
  it("at any byte gives every batch that was whole, and counts what is torn", () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const expected = wholeAt(cut);
      const start = ends[expected - 1] ?? 0;
      const tornBytes = withoutZeros(whole.subarray(start, cut));
      for (const bytes of [whole.subarray(0, cut), Buffer.concat([whole.subarray(0, cut), ZEROS])]) {
        const { found: _, ...result } = read(bytes);
        expect({ cut, ...result }).toEqual({
          cut,
          firsts: FIRST.slice(0, expected),
          place: { segment: 1, offset: start },
          sequence: FIRST[expected],
          tornBytes,
          damages: [],
          lostRecords: 0,
        });
      }
    }
  });

  it("gives the records as they were written", () => {
    const records = read(whole).found.flatMap((batch) => batch.records);
    expect(records).toHaveLength(22);
    expect(JSON.parse(records[20]?.body.toString() ?? "")).toEqual({ id: "16", text: "éééé" });
    expect(records[21]?.kind).toBe("frame");
  });

  it("goes on in the next segment behind the last whole batch, a write that failed between them or not", () => {
    const failed = three.subarray(0, 100);
    const rest = Buffer.concat([three, four]);
    const complete = { firsts: [0, 2, 8, 12], damages: [], tornBytes: 0, lostRecords: 0, sequence: 22 };
    expect(read(Buffer.concat([one, two, failed, ZEROS]), rest, ZEROS)).toMatchObject(complete);
    expect(read(Buffer.concat([one, two, ZEROS]), rest)).toMatchObject(complete);
  });

  it("counts what is torn in a segment that nothing whole is in", () => {
    const torn = Buffer.concat([three.subarray(0, 60), ZEROS]);
    expect(read(Buffer.concat([one, two]), torn)).toMatchObject({
      ...{ firsts: [0, 2], damages: [], tornBytes: 60, sequence: 8 },
    });
    expect(read()).toMatchObject({ firsts: [], damages: [], tornBytes: 0, sequence: 0 });
  });
});

describe("a spool that was changed", () => {
  it("shows any flipped bit: reads up to it, nothing behind it in that segment, and the next segment", () => {
    const [one, two, three, four] = batches;
    const first = Buffer.concat([one, two, three, ZEROS]);
    const written = one.length + two.length + three.length;
    for (let at = 0; at < written; at += 1) {
      for (const bit of [0, 3, 7]) {
        first[at] = (first[at] ?? 0) ^ (1 << bit);
        const { firsts, damages, lostRecords } = read(first, four);
        first[at] = (first[at] ?? 0) ^ (1 << bit);
        const hit = wholeAt(at);
        expect({ at, bit, firsts, lostRecords, damages }).toEqual({
          ...{ at, bit, firsts: [...FIRST.slice(0, hit), 12], lostRecords: 12 - (FIRST[hit] ?? 0) },
          damages: [{ segment: 1, from: ends[hit - 1] ?? 0, to: first.length }],
        });
      }
    }
  });

  it("shows any flipped bit of its last segment: as damage or as a torn end, with nothing behind it believed", () => {
    const bytes = Buffer.concat([whole, ZEROS]);
    for (let at = 0; at < bytes.length; at += at < whole.length ? 1 : 97) {
      bytes[at] = (bytes[at] ?? 0) ^ 8;
      const { firsts, damages, tornBytes } = read(bytes);
      bytes[at] = (bytes[at] ?? 0) ^ 8;
      expect({ at, firsts }).toEqual({ at, firsts: FIRST.slice(0, wholeAt(at)) });
      expect([at, damages.length + tornBytes]).not.toEqual([at, 0]);
    }
  });

  it("believes nothing that a client sent, though it looks like batches, behind a write that was torn", () => {
    const [one, two] = batches;
    const forged = Buffer.concat([two, three]);
    const buffer = new BatchBuffer();
    buffer.appendFrame(
      GATEWAY,
      "request",
      null,
      0,
      Buffer.concat([forged, Buffer.alloc(200, 1)]),
      0,
      forged.length + 200,
    );
    const torn = Buffer.from(buffer.seal(2, Buffer.from(one.subarray(12, 44))).bytes);
    for (let cut = 100; cut < torn.length; cut += 1) {
      const { firsts, damages } = read(Buffer.concat([one, torn.subarray(0, cut), ZEROS]));
      expect({ cut, firsts, damages }).toEqual({ cut, firsts: [0], damages: [] });
    }
  });

  it("shows a batch that is missing", () => {
    const from = one.length;
    expect(read(Buffer.concat([one, three]))).toMatchObject({ firsts: [0], damages: [{ segment: 1, from }] });
    expect(read(Buffer.concat([one, three, four]))).toMatchObject({ firsts: [0], damages: [{ segment: 1, from }] });
    expect(read(Buffer.concat([one, ZEROS]), three)).toMatchObject({ firsts: [0], damages: [{ segment: 2, from: 0 }] });
  });

  it("shows a segment that is missing, and reads the ones behind it", () => {
    const gap = { segment: 2, from: 0, to: 0 };
    expect(read(one, null, three)).toMatchObject({ firsts: [0, 8], damages: [gap], lostRecords: 6, sequence: 12 });
    expect(read(null, two)).toMatchObject({ firsts: [], damages: [{ segment: 2, from: 0 }] });
  });
});

describe("a spool whose writer lives", () => {
  it("is read up to where whole batches are written, and shows what is none before that", () => {
    const limit = { segment: 1, offset: ends[1] ?? 0 };
    writeFileSync(segmentPath(folder, 1), whole);
    expect(readWhole(folder, GATEWAY, limit)).toMatchObject({ place: limit, sequence: 8, damages: [], tornBytes: 0 });
    writeFileSync(segmentPath(folder, 1), Buffer.concat([one, Buffer.alloc(two.length)]));
    expect(readWhole(folder, GATEWAY, limit)).toMatchObject({
      ...{ place: limit, sequence: 2, tornBytes: 0 },
      damages: [{ segment: 1, from: one.length, to: limit.offset }],
    });
  });
});
