import { describe, expect, it } from "vitest";
import { definitionOf } from "../masking/made-answers";
import { writeColumnDefinition } from "./column-definition";
import { HEADER, MAX_PAYLOAD, STATUS } from "./constants";
import { writeEof } from "./eof-packet";
import { writeErr } from "./err-packet";
import { writeFrame } from "./frame";
import { writeOk } from "./ok-packet";
import { lenenc, lenencString } from "./packet-writer";
import { RowFilter } from "./row-filter";
import { seededRandom } from "./seeded-random";

const NOTHING = Buffer.alloc(0);
/** Stands where rows were left out. */
const GAP = "<rows>";

/** An answer in its payloads; rows are told from the rest by whoever made it. */
type Part = { readonly payload: Buffer; readonly row: boolean };
const other = (payload: Buffer): Part => ({ payload, row: false });
const rowOf = (payload: Buffer): Part => ({ payload, row: true });

const ok = (status: number, header: typeof HEADER.OK | typeof HEADER.EOF = HEADER.OK, affectedRows = 0) =>
  other(
    writeOk(
      { header, affectedRows, lastInsertId: affectedRows, status, warnings: 0, info: NOTHING, stateChanges: NOTHING },
      0,
    ),
  );
const eof = (status: number) => other(writeEof({ warnings: 0, status }));

interface Form {
  readonly binary: boolean;
  readonly deprecateEof: boolean;
}

function cellsOf(random: () => number, { binary }: Form): Buffer {
  const cells = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    lenencString(Buffer.alloc(Math.floor(random() * 400), "SECRET")),
  );
  return binary ? Buffer.concat([Buffer.of(0, 0), ...cells]) : Buffer.concat(cells);
}

function resultOf(rows: readonly Buffer[], columns: number, status: number, { deprecateEof }: Form): Part[] {
  const definitions = Array.from({ length: columns }, (_, at) => other(writeColumnDefinition(definitionOf(3, at))));
  return [
    other(lenenc(columns)),
    ...definitions,
    ...(deprecateEof ? [] : [eof(status)]),
    ...rows.map(rowOf),
    deprecateEof ? ok(status, HEADER.EOF) : eof(status),
  ];
}

function wire(parts: readonly Part[]): { readonly bytes: Buffer; readonly expected: string } {
  let sequence = 1;
  const frames: Buffer[] = [];
  const expected: string[] = [];
  let inRows = false;
  for (const { payload, row } of parts) {
    const frame = writeFrame(payload, sequence);
    sequence += Math.floor(payload.length / MAX_PAYLOAD) + 1;
    frames.push(frame);
    if (!row) expected.push(frame.toString("latin1"));
    else if (!inRows) expected.push(GAP);
    inRows = row;
  }
  return { bytes: Buffer.concat(frames), expected: expected.join("") };
}

function filtered(
  bytes: Buffer,
  next: () => number,
  { deprecateEof }: Form,
  answer: "results" | "rows" = "results",
  cursor = false,
): string {
  const out: string[] = [];
  const filter = new RowFilter(deprecateEof, {
    keep: (part, from, to) => out.push(part.toString("latin1", from, to)),
    leftOut: () => out.push(GAP),
  });
  filter.start(answer, cursor);
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + next());
    const part = Buffer.from(bytes.subarray(at, end));
    filter.take(part, 0, part.length);
    part.fill(0xee);
    at = end;
  }
  return out.join("");
}

const FORMS: readonly Form[] = [true, false].flatMap((binary) =>
  [true, false].map((deprecateEof) => ({ binary, deprecateEof })),
);

describe.each(FORMS)("rows are left out of an answer (binary $binary, DEPRECATE_EOF $deprecateEof)", (form) => {
  const plain = STATUS.AUTOCOMMIT;

  it("that has one result, none of its rows or only a number, wherever it is parted", () => {
    const random = seededRandom(11);
    const rows = Array.from({ length: 5 }, () => cellsOf(random, form));
    const answers = [
      resultOf(rows, 2, plain, form),
      resultOf([], 3, plain, form),
      resultOf(rows, 300, plain, form),
      [ok(plain)],
      [ok(plain, HEADER.OK, 70_000)],
      [other(writeErr({ errno: 1064, sqlState: "42000", message: "no" }))],
    ];
    for (const parts of answers) {
      const { bytes, expected } = wire(parts);
      for (const size of [1, 2, 3, 4, 5, 7, 64, bytes.length]) {
        expect(filtered(bytes, () => size, form)).toBe(expected);
      }
    }
  });

  it("that has several results, in random parts", () => {
    const random = seededRandom(12);
    for (let run = 0; run < 200; run += 1) {
      const results = 1 + Math.floor(random() * 4);
      const parts = Array.from({ length: results }, (_, at) => {
        const status = plain | (at + 1 < results ? STATUS.MORE_RESULTS : 0);
        if (random() < 0.3) return [ok(status, HEADER.OK, Math.floor(random() * 100_000))];
        const rows = Array.from({ length: Math.floor(random() * 6) }, () => cellsOf(random, form));
        return resultOf(rows, 1 + Math.floor(random() * 4), status, form);
      }).flat();
      const { bytes, expected } = wire(parts);
      const most = 1 + Math.floor(random() * 600);
      expect(filtered(bytes, () => 1 + Math.floor(random() * most), form)).toBe(expected);
    }
  });

  it("that ends with an error among its rows", () => {
    const error = other(writeErr({ errno: 1317, sqlState: "70100", message: "interrupted" }));
    const parts = resultOf([Buffer.from("\x06SECRET")], 1, plain, form).slice(0, -1);
    const { bytes, expected } = wire([...parts, error]);
    expect(filtered(bytes, () => 3, form)).toBe(expected);
  });

  it("that has rows of one, of exactly and of several packets of 16 MiB", () => {
    const long = [MAX_PAYLOAD - 1, MAX_PAYLOAD, MAX_PAYLOAD + 1, MAX_PAYLOAD * 2].map((size) => {
      const row = Buffer.alloc(size, "SECRET");
      // A value of 16 MiB has its length in eight bytes.
      row[0] = form.binary ? 0 : size < MAX_PAYLOAD ? 0xfd : 0xfe;
      return row;
    });
    const short = form.binary ? Buffer.from([0, 0, 1]) : Buffer.from([1, 0x31]);
    const { bytes, expected } = wire(resultOf([short, ...long, short], 1, plain, form));
    const kept = filtered(bytes, () => 70_001, form);
    expect(kept.includes("SECRET")).toBe(false);
    expect(kept).toBe(expected);
  });

  it("that comes by a cursor: nothing with the definitions, all with the fetches", () => {
    const status = plain | STATUS.CURSOR_EXISTS;
    const opened = form.deprecateEof ? resultOf([], 2, status, form) : resultOf([], 2, status, form).slice(0, -1);
    const { bytes, expected } = wire(opened);
    for (const size of [1, 5, 1000]) expect(filtered(bytes, () => size, form, "results", true)).toBe(expected);
    const last = form.deprecateEof ? ok(status, HEADER.EOF) : eof(status);
    const fetched = wire([rowOf(Buffer.from("\0SECRET")), rowOf(Buffer.from("\0SECRET")), last]);
    for (const size of [1, 5, 1000]) {
      expect(filtered(fetched.bytes, () => size, form, "rows")).toBe(fetched.expected);
    }
  });

  it("with all that stands behind its end, or is no answer", () => {
    const { bytes } = wire([...resultOf([], 1, plain, form), rowOf(Buffer.from("\x06SECRET"))]);
    expect(filtered(bytes, () => 9, form)).not.toContain("SECRET");
    const random = seededRandom(13);
    for (let run = 0; run < 500; run += 1) {
      const noise = Buffer.from(Array.from({ length: 300 }, () => Math.floor(random() * 256)));
      expect(() => filtered(noise, () => 1 + Math.floor(random() * 50), form)).not.toThrow();
    }
  });
});
