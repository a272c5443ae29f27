import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { BatchBuffer } from "./batch-buffer";
import { type ReadBatch, readSegment, readSpool, type SpoolEnd, spoolStart } from "./read-spool";
import { segmentPath } from "./segment-files";

const GATEWAY = "01K00000000000000000000000";
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Batches of a spool, one after the other, each with as many records as told. */
function batchesOf(...records: readonly number[]): Buffer[] {
  let { hash, nextRecord } = spoolStart(GATEWAY);
  const buffer = new BatchBuffer();
  return records.map((count) => {
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
}

function readAll(bytes: Buffer) {
  const found: ReadBatch[] = [];
  const reading = readSegment(bytes, spoolStart(GATEWAY));
  for (;;) {
    const step = reading.next();
    if (step.done === true) return { found, ...step.value };
    found.push(step.value);
  }
}

async function readFiles(...segments: readonly (Buffer | null)[]) {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-read-"));
  folders.push(folder);
  for (const [at, bytes] of segments.entries()) {
    if (bytes !== null) writeFileSync(segmentPath(folder, at + 1), bytes);
  }
  const found: ReadBatch[] = [];
  const reading = readSpool(folder, spoolStart(GATEWAY));
  for (;;) {
    const step = await reading.next();
    if (step.done === true) return { found: found.length, end: step.value satisfies SpoolEnd };
    found.push(step.value);
  }
}

const ZEROS = Buffer.alloc(3000);
const batches = batchesOf(1, 3, 2, 5);
const whole = Buffer.concat(batches);
/** Offsets behind each batch. */
const ends = batches.map((_, at) => Buffer.concat(batches.slice(0, at + 1)).length);
const wholeAt = (length: number) => ends.filter((end) => end <= length).length;

describe("a spool that a crash has cut", () => {
  it("at any byte gives every batch that was whole, and counts what is torn", () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const expected = wholeAt(cut);
      const start = ends[expected - 1] ?? 0;
      for (const bytes of [whole.subarray(0, cut), Buffer.concat([whole.subarray(0, cut), ZEROS])]) {
        const { found, place, end } = readAll(bytes);
        expect([cut, found.length, place.offset]).toEqual([cut, expected, start]);
        const left = whole.subarray(start, cut);
        const torn = left.length - (left.toReversed().findIndex((byte) => byte !== 0) + 1 || left.length + 1) + 1;
        expect([cut, end]).toEqual([cut, torn === 0 ? { kind: "end" } : { kind: "torn", bytes: torn }]);
      }
    }
  });

  it("gives the records as they were written", () => {
    const records = readAll(whole).found.flatMap((one) => one.records);
    expect(records).toHaveLength(22);
    expect(JSON.parse(records[20]?.body.toString() ?? "")).toEqual({ id: "16", text: "éééé" });
    expect(records[21]?.kind).toBe("frame");
  });

  it("goes on in the next segment behind the last whole batch, torn bytes between them or not", async () => {
    const [one, two, three, four] = batches;
    if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error();
    const torn = three.subarray(0, 100);
    expect(await readFiles(Buffer.concat([one, two, torn, ZEROS]), Buffer.concat([three, four]), ZEROS)).toMatchObject({
      found: 4,
      end: { cut: 100, damage: null, place: { segment: 2, nextRecord: 22 } },
    });
    expect(await readFiles(Buffer.concat([one, two]), Buffer.concat([three.subarray(0, 60), ZEROS]))).toMatchObject({
      found: 2,
      end: { cut: 60, damage: null, place: { segment: 1 } },
    });
    expect(await readFiles()).toMatchObject({ found: 0, end: { cut: 0, damage: null } });
  });
});

describe("a spool that was changed", () => {
  it("shows any flipped bit, as damage where something follows", () => {
    const bytes = Buffer.concat([whole, ZEROS]);
    for (let at = 0; at < bytes.length; at += at < whole.length ? 1 : 97) {
      for (const bit of [0, 3, 7]) {
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const { found, end } = readAll(bytes);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        expect([at, found.length]).toEqual([at, wholeAt(at)]);
        expect([at, end.kind]).not.toEqual([at, "end"]);
        const inLast = at >= (ends[2] ?? 0);
        if (!inLast) expect([at, bit, end.kind]).toEqual([at, bit, "damaged"]);
      }
    }
  });

  it("shows a batch that is missing, and a segment", async () => {
    const [one, two, three, four] = batches;
    if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error();
    const broken = { segment: 1, offset: one.length };
    expect((await readFiles(Buffer.concat([one, three]))).end.damage).toEqual(broken);
    expect((await readFiles(Buffer.concat([one, three, four]))).end.damage).toEqual(broken);
    expect((await readFiles(Buffer.concat([one, ZEROS]), three)).end.damage).toEqual(broken);
    expect((await readFiles(one, null, three)).end.damage).toEqual(broken);
  });
});
