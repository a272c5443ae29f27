import { describe, expect, it } from "vitest";
import { CAPABILITY, STATUS } from "./constants";
import { readErr, writeErr } from "./err-packet";
import { bytesOf, PLAIN, TRACKED } from "./fixtures";
import { writeFrame } from "./frame";
import { MalformedPacket } from "./malformed";
import { type Answer, ResponseWalker, STOP } from "./response-walker";
import { seededRandom } from "./seeded-random";
import { changedSchema } from "./session-track";

const DEPRECATE = CAPABILITY.DEPRECATE_EOF;
const TRACK = CAPABILITY.SESSION_TRACK;

/** Walks bytes as they come in parts of `step`, keeping what is not dealt with; returns what may be sent on. */
function walkInSteps(walker: ResponseWalker, bytes: Buffer, step: number): Buffer {
  const out: Buffer[] = [];
  let held = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += step) {
    held = Buffer.concat([held, bytes.subarray(at, at + step)]);
    let from = 0;
    let to = walker.walk(held, 0, held.length);
    while (walker.stop === STOP.REPLACE) {
      out.push(held.subarray(from, to), walker.replacement ?? Buffer.alloc(0));
      from = walker.resumeAt;
      to = walker.walk(held, from, held.length);
    }
    out.push(Buffer.from(held.subarray(from, to)));
    held = Buffer.from(held.subarray(to));
  }
  expect(held).toHaveLength(0);
  return Buffer.concat(out);
}

const ANSWERS: ReadonlyArray<readonly [string, Answer, number, string, Partial<ResponseWalker>]> = [
  ["a result", "results", 0, PLAIN.select, { rows: 1, errno: 0 }],
  ["a result without EOF", "results", DEPRECATE, TRACKED.select, { rows: 1 }],
  ["an OK", "results", 0, PLAIN.insert, { affectedRows: 3 }],
  ["an ERR", "results", 0, PLAIN.error, { errno: 1064 }],
  ["a change of schema", "results", TRACK | DEPRECATE, TRACKED.use, { affectedRows: 0 }],
  ["several results", "results", 0, PLAIN.call, { rows: 2 }],
  ["several results without EOF", "results", DEPRECATE, TRACKED.call, { rows: 2 }],
  ["a prepared statement", "prepared", 0, PLAIN.prepare, { rows: 0 }],
  ["a prepared statement without EOF", "prepared", DEPRECATE, TRACKED.prepare, { rows: 0 }],
  ["a list of fields", "fields", 0, PLAIN.fields, { rows: 0 }],
  ["a list of fields without EOF", "fields", DEPRECATE, TRACKED.fields, { rows: 0 }],
];

describe("ResponseWalker", () => {
  it.each([
    ["prepared", 0, PLAIN.prepare],
    ["prepared", DEPRECATE, TRACKED.prepare],
  ] as const)("gives the client another statement id and keeps the server's: %s", (answer, caps, hex) => {
    for (const inspect of [false, true]) {
      const bytes = bytesOf(hex);
      const server = bytes.readUInt32LE(5);
      const walker = new ResponseWalker(caps, caps);
      walker.start(answer, 1);
      walker.statementId = 0x0102_0304;
      walker.inspect = inspect;
      walker.walk(bytes, 0, bytes.length);
      if (inspect && walker.block !== null) walker.acceptBlock(walker.block);
      expect(bytes.readUInt32LE(5)).toBe(0x0102_0304);
      expect(walker.prepared?.statementId).toBe(server);
      expect(walker.done).toBe(true);
    }
  });

  it.each([
    [0, PLAIN.select],
    [DEPRECATE, TRACKED.select],
  ] as const)("shows the transaction of another connection, and nothing else of it", (caps, hex) => {
    const bytes = bytesOf(hex);
    const walker = new ResponseWalker(caps, caps);
    walker.start("results", 1);
    walker.transaction = STATUS.IN_TRANS | STATUS.CURSOR_EXISTS;
    const out = walkInSteps(walker, bytes, bytes.length);
    const again = new ResponseWalker(caps, caps);
    again.start("results", 1);
    walkInSteps(again, out, out.length);
    expect(again.status & STATUS.AUTOCOMMIT).toBe(0);
    expect(again.status & STATUS.IN_TRANS).toBe(STATUS.IN_TRANS);
    expect(again.status & ~3).toBe(walker.status & ~3);
    expect(walker.status & STATUS.AUTOCOMMIT).toBe(STATUS.AUTOCOMMIT);
  });

  it("says an error in other words, and tells what it said", () => {
    const walker = new ResponseWalker(0, 0);
    walker.start("results", 1);
    walker.explain = (error) => ({ errno: 1143, sqlState: "42000", message: `not ${error.errno}` });
    const out = walkInSteps(walker, bytesOf(PLAIN.error), 1000);
    expect(readErr(out.subarray(4))).toEqual({ errno: 1143, sqlState: "42000", message: "not 1064" });
    expect([walker.errno, walker.errMessage]).toEqual([1143, "not 1064"]);
  });

  it.each(ANSWERS)(
    "walks %s to its end, in whatever parts it comes, and changes nothing",
    (_name, answer, caps, hex, seen) => {
      const bytes = bytesOf(hex);
      for (let step = 1; step <= bytes.length; step += 1) {
        const walker = new ResponseWalker(caps, caps);
        walker.start(answer, 1);
        const out = walkInSteps(walker, bytes, step);
        expect(out.equals(bytes)).toBe(true);
        expect(walker.done).toBe(true);
        expect(walker).toMatchObject(seen);
      }
    },
  );

  it("knows the statement id of a prepared statement", () => {
    const walker = new ResponseWalker(0, 0);
    walker.start("prepared", 1);
    walker.walk(bytesOf(PLAIN.prepare), 0, bytesOf(PLAIN.prepare).length);
    expect(walker.prepared).toMatchObject({ statementId: 2, parameters: 1 });
  });

  it("takes session changes out for clients that did not negotiate them", () => {
    for (let step = 1; step < 20; step += 1) {
      const walker = new ResponseWalker(TRACK | DEPRECATE, DEPRECATE);
      walker.start("results", 1);
      expect(walkInSteps(walker, bytesOf(TRACKED.use), step).toString("hex")).toBe("0700000100000002000000");
      expect(walker.stateChanges.map(changedSchema)).toEqual(["lab2"]);
    }
  });

  it("ends an execution with a cursor at the definitions, but takes the same bit in a text result for nothing", () => {
    const opened = bytesOf("010000010117000002036465660000000161000c3f000100000003810000000005000003fe00004200");
    const cursor = new ResponseWalker(0, 0);
    cursor.start("results", 1, true);
    cursor.walk(opened, 0, opened.length);
    expect(cursor.done).toBe(true);
    const text = new ResponseWalker(0, 0);
    text.start("results", 1, false);
    text.walk(opened, 0, opened.length);
    expect(text.done).toBe(false);
    const rows = new ResponseWalker(0, 0);
    rows.start("rows", 1);
    const fetched = bytesOf("0300000100000105000002fe00008200");
    rows.walk(fetched, 0, fetched.length);
    expect(rows).toMatchObject({ done: true, rows: 1 });
  });

  it("stops between two rows at a limit, and walks the rest without counting on", () => {
    const rows = Array.from({ length: 5 }, (_, i) => writeFrame(Buffer.from("\x01x"), i));
    const bytes = Buffer.concat([...rows, bytesOf("05000005fe00000200")]);
    const walker = new ResponseWalker(0, 0);
    walker.start("rows", 0);
    walker.maxRows = 2;
    expect(walker.walk(bytes, 0, bytes.length)).toBe(12);
    expect(walker).toMatchObject({ stop: STOP.LIMIT, rows: 2, nextSequence: 2, canCut: true });
    walker.discard = true;
    expect(walker.walk(bytes, 12, bytes.length)).toBe(bytes.length);
    expect(walker.done).toBe(true);
  });

  it("stops before a row that goes beyond the limit of bytes", () => {
    const bytes = Buffer.concat([writeFrame(Buffer.alloc(100, 1), 0), writeFrame(Buffer.alloc(100, 1), 1)]);
    const walker = new ResponseWalker(0, 0);
    walker.start("rows", 0);
    walker.maxBytes = 150;
    expect(walker.walk(bytes, 0, bytes.length)).toBe(104);
    expect(walker.stop).toBe(STOP.LIMIT);
  });

  it("sends the gateway's ERR in place of the upstream's", () => {
    const mine = writeErr({ errno: 1226, sqlState: "42000", message: "too slow" });
    const walker = new ResponseWalker(0, 0);
    walker.start("results", 1);
    walker.errInstead = mine;
    expect(walkInSteps(walker, bytesOf(PLAIN.error), 7)).toEqual(writeFrame(mine, 1));
    expect(walker.errno).toBe(1064);
  });

  it("counts a row of more than 16 MiB once, and continues behind it", () => {
    const row = writeFrame(Buffer.alloc(0xff_ffff + 10, 0x20), 0);
    const bytes = Buffer.concat([row, bytesOf("05000002fe00000200")]);
    const walker = new ResponseWalker(0, 0);
    walker.start("rows", 0);
    expect(walker.walk(bytes, 0, bytes.length)).toBe(bytes.length);
    expect(walker).toMatchObject({ done: true, rows: 1 });
  });

  it.each([
    ["a request for a local file", "results", "0a000001fb2f6574632f7061737377"],
    ["an empty packet", "results", "00000001"],
    ["an EOF in place of an answer", "results", "05000001fe00000200"],
    ["a column count with something behind it", "results", "020000010101"],
    ["rows in place of a prepared statement", "prepared", "0100000101"],
    ["a control packet of 1 MiB", "results", "0000100100"],
    ["a prepare OK that ends early", "prepared", "050000010001000000"],
    ["a column count beyond any table's", "results", "04000001fdffffff"],
  ] as const)("refuses %s", (_name, answer, hex) => {
    const walker = new ResponseWalker(0, 0);
    walker.start(answer, 1);
    const bytes = bytesOf(hex);
    expect(() => walker.walk(bytes, 0, bytes.length)).toThrow(MalformedPacket);
  });

  it("meets any bytes with an answer, a wait for more or MalformedPacket", () => {
    const random = seededRandom(7);
    for (let run = 0; run < 20_000; run += 1) {
      const [, answer, caps, hex] = ANSWERS[run % ANSWERS.length] ?? ANSWERS[0] ?? ["", "results", 0, ""];
      const bytes = bytesOf(hex);
      for (let change = 0; change < 3; change += 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const walker = new ResponseWalker(caps, random() < 0.5 ? caps : 0);
      walker.start(answer, 1, random() < 0.5);
      try {
        let at = walker.walk(bytes, 0, bytes.length);
        while (walker.stop === STOP.REPLACE) {
          at = walker.walk(bytes, walker.resumeAt, bytes.length);
        }
        expect(at).toBeLessThanOrEqual(bytes.length);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacket);
      }
    }
  });
});
