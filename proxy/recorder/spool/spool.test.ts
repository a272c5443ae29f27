import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { HeldWire } from "../../socket/held";
import { readWhole } from "./read-whole.fixture";
import { type SegmentFiles, segmentFiles, segmentPath } from "./segment-files";
import { Spool, type SpoolOptions } from "./spool";

const GATEWAY = "01K00000000000000000000000";
const SEGMENT = 64 * 1024;
const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

function open(options: Partial<SpoolOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-spool-"));
  const failures: unknown[] = [];
  const spool = new Spool({
    folder,
    gatewayId: GATEWAY,
    segmentBytes: SEGMENT,
    maxBytes: 16 * SEGMENT,
    fsync: "os",
    onFailing: (error) => failures.push(error),
    ...options,
  });
  undo.push(async () => {
    await spool.close();
    rmSync(folder, { recursive: true });
  });
  return { spool, failures };
}

/** Bodies of all records that are in the files now. */
function filed(spool: Spool): string[] {
  const { batches, damages } = readWhole(spool.directory, GATEWAY);
  expect(damages).toEqual([]);
  return batches.flatMap((batch) => batch.records.map((record) => record.body.toString()));
}

/** A disk that fails on demand. */
function faulty() {
  const fault = { write: false, prepare: false, sync: false };
  const fail = () => {
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  };
  const files: SegmentFiles = {
    ...segmentFiles,
    write(fd, bytes, offset) {
      if (!fault.write) return segmentFiles.write(fd, bytes, offset);
      segmentFiles.write(fd, bytes.subarray(0, bytes.length / 2), offset);
      fail();
    },
    prepare: async (path, bytes) => (fault.prepare ? fail() : segmentFiles.prepare(path, bytes)),
    create: (path) => (fault.prepare ? fail() : segmentFiles.create(path)),
    sync: async (fd) => (fault.sync ? fail() : segmentFiles.sync(fd)),
  };
  return { fault, files };
}

class FakeWire implements HeldWire {
  readonly sent: string[] = [];
  lost = false;
  readonly #onSend: () => void;
  constructor(onSend: () => void = () => undefined) {
    this.#onSend = onSend;
  }
  release(bytes: Buffer): boolean {
    this.#onSend();
    this.sent.push(bytes.toString());
    return false;
  }
  releaseEnd(): void {}
  releaseDestroy(): void {}
  lose(): void {
    this.lost = true;
  }
}

describe("a spool", () => {
  it("has a turn's records in the file before a wire is given anything", async () => {
    const { spool } = open();
    const inFile = () => filed(spool);
    const seen: string[][] = [];
    const wire = new FakeWire(() => seen.push(inFile()));
    spool.appendText("audit", "one");
    spool.turn.hold(wire, Buffer.from("answer"), true);
    spool.appendText("audit", "two");
    expect([wire.sent, inFile()]).toEqual([[], []]);
    await nextTurn();
    expect(wire.sent).toEqual(["answer"]);
    expect(seen).toEqual([["one", "two"]]);
    expect([spool.position.written, spool.position.nextRecord, spool.batches]).toEqual([
      { segment: 1, offset: 44 + 16 },
      2,
      1,
    ]);
  });

  it("writes early when the batch grows long", async () => {
    const { spool } = open({ segmentBytes: 16 * SEGMENT, maxBytes: 64 * SEGMENT });
    const wire = new FakeWire();
    spool.appendText("audit", "one");
    spool.turn.hold(wire, Buffer.from("answer"), true);
    spool.appendText("audit", "x".repeat(256 * 1024));
    expect([wire.sent, spool.batches]).toEqual([["answer"], 1]);
    await nextTurn();
    expect(spool.batches).toBe(1);
  });

  it("keeps the chain over segments, long batches and made-ahead files", async () => {
    const { spool } = open();
    const written: string[] = [];
    for (let at = 0; at < 40; at += 1) {
      const text = String(at).repeat(at === 20 ? SEGMENT : 2500);
      written.push(text);
      spool.appendText("audit", text);
      await nextTurn();
    }
    expect(spool.position.written.segment).toBeGreaterThan(3);
    expect(filed(spool)).toEqual(written);
  });

  it("takes no statement when the limit is near, still writes what runs, and goes on once something is shipped", async () => {
    const { spool, failures } = open({ maxBytes: 4 * SEGMENT });
    await spool.prepared();
    let statements = 0;
    while (spool.accepts()) {
      spool.appendText("audit", "x".repeat(1000));
      statements += 1;
      await nextTurn();
    }
    expect(spool.bytes).toBeLessThan(4 * SEGMENT);
    expect(spool.spares).toBe(true);
    for (let at = 0; at < 5; at += 1) spool.appendText("audit", "ends");
    await nextTurn();
    expect([spool.failing, failures]).toEqual([false, []]);
    expect(filed(spool)).toHaveLength(statements + 5);
    rmSync(segmentPath(spool.directory, 1));
    spool.position.needed = 2;
    await expect.poll(() => spool.accepts(), { timeout: 5000 }).toBe(true);
  });

  it("fails closed past its limit, keeps the records, and writes them when there is room", async () => {
    const { spool, failures } = open({ maxBytes: 4 * SEGMENT });
    let last = new FakeWire();
    let count = 0;
    while (!spool.failing) {
      last = new FakeWire();
      spool.appendText("audit", "x".repeat(1000));
      count += 1;
      spool.turn.hold(last, Buffer.from("answer"), true);
      await nextTurn();
    }
    expect([last.sent, last.lost, spool.accepts()]).toEqual([[], true, false]);
    expect(failures).toHaveLength(1);
    spool.position.needed = 2;
    await expect.poll(() => spool.failing, { timeout: 5000 }).toBe(false);
    expect(failures.at(-1)).toBeNull();
    expect(filed(spool)).toHaveLength(count);
  });

  it("sends nothing of a batch whose write fails halfway, and overwrites it", async () => {
    const { fault, files } = faulty();
    const { spool, failures } = open({ files });
    spool.appendText("audit", "before");
    await nextTurn();
    fault.write = true;
    const wire = new FakeWire();
    spool.appendText("audit", "lost with its wire, kept in the record");
    spool.turn.hold(wire, Buffer.from("answer"), true);
    await nextTurn();
    expect([wire.sent, wire.lost, spool.failing, spool.accepts()]).toEqual([[], true, true, false]);
    expect(filed(spool)).toEqual(["before"]);
    spool.appendText("audit", "meanwhile");
    fault.write = false;
    await expect.poll(() => spool.failing, { timeout: 5000 }).toBe(false);
    expect(failures).toHaveLength(2);
    expect(filed(spool)).toEqual(["before", "lost with its wire, kept in the record", "meanwhile"]);
  });

  it("goes on in another segment where what failed no longer fits", async () => {
    const { fault, files } = faulty();
    const { spool } = open({ files });
    await spool.prepared();
    spool.appendText("audit", "a".repeat(60_000));
    await nextTurn();
    fault.write = true;
    spool.appendText("audit", "b".repeat(3000));
    await nextTurn();
    spool.appendText("audit", "c".repeat(3000));
    fault.write = false;
    await nextTurn();
    expect([spool.failing, spool.position.written.segment]).toEqual([false, 2]);
    expect(filed(spool).map((body) => body.length)).toEqual([60_000, 3000, 3000]);
  });

  it("takes no statement before a segment is made ahead, so that the disk has room for its record", async () => {
    const { fault, files } = faulty();
    fault.prepare = true;
    const { spool } = open({ files: { ...files, create: segmentFiles.create } });
    await spool.prepared();
    expect([spool.accepts(), spool.failing]).toEqual([false, false]);
    fault.prepare = false;
    await expect.poll(() => spool.accepts(), { timeout: 5000 }).toBe(true);
  });

  it("refuses statements while no segment can be made ahead, before anything fails", async () => {
    const { fault, files } = faulty();
    const { spool, failures } = open({ files });
    await spool.prepared();
    fault.prepare = true;
    while (spool.accepts()) {
      spool.appendText("audit", "x".repeat(1000));
      await nextTurn();
    }
    expect([spool.position.written.segment, spool.failing, failures]).toEqual([2, false, []]);
    fault.prepare = false;
    await expect.poll(() => spool.accepts(), { timeout: 5000 }).toBe(true);
  });

  it("that must be on the disk takes nothing after a failed sync until another segment is synced", async () => {
    const { fault, files } = faulty();
    const { spool } = open({ files, fsync: "always" });
    fault.sync = true;
    const wire = new FakeWire();
    spool.appendText("audit", "one");
    spool.turn.hold(wire, Buffer.from("answer"), true);
    await expect.poll(() => wire.lost).toBe(true);
    expect([wire.sent, spool.accepts()]).toEqual([[], false]);
    fault.sync = false;
    await expect.poll(() => spool.accepts(), { timeout: 5000 }).toBe(true);
    const next = new FakeWire();
    spool.appendText("audit", "two");
    spool.turn.hold(next, Buffer.from("answer"), true);
    await expect.poll(() => next.sent).toEqual(["answer"]);
    expect(spool.position.written.segment).toBe(2);
    expect(filed(spool)).toEqual(["one", "two"]);
  });

  it("keeps little more than its share in memory while nothing can be written, and says what it drops", async () => {
    const { fault, files } = faulty();
    const { spool } = open({ files });
    fault.write = true;
    let kept = 0;
    while (spool.appendText("audit", "x".repeat(1024 * 1024))) {
      kept += 1;
      await nextTurn();
    }
    expect(kept).toBeGreaterThan(20);
    expect(kept).toBeLessThan(33);
    fault.write = false;
    await expect.poll(() => spool.failing, { timeout: 5000 }).toBe(false);
  });
});
