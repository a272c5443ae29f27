import { describe, expect, it } from "vitest";
import { TYPE } from "@/lib/masking/column-types";
import { MAX_PAYLOAD } from "../protocol/constants";
import { MalformedPacket } from "../protocol/malformed";
import {
  type AnswerOptions,
  addAnswer,
  addExpected,
  type Cell,
  capabilitiesOf,
  type MadeResult,
  Packets,
  planOf,
} from "./made-answers";
import { CUT, relayed } from "./relayed";

const PART = 64 * 1024;
const OPTIONS: readonly AnswerOptions[] = [
  { binary: false, deprecateEof: true },
  { binary: true, deprecateEof: false },
];
const T = TYPE;
const plain = { type: T.BLOB, method: null } as const;
const large = (size: number, fill: number): Cell => Buffer.alloc(size, fill);
const number = Buffer.of(1, 2, 3, 4);

/** Sends it in parts of about a read, and compares what comes out with the plain implementation. */
function check(results: readonly MadeResult[], options: AnswerOptions, part = PART): void {
  const answer = new Packets();
  const expected = new Packets();
  results.forEach((result, index) => {
    const more = index < results.length - 1;
    addAnswer(answer, result, { ...options, more });
    addExpected(expected, result, { ...options, more });
  });
  const plan = {
    ...planOf(results[0]?.columns ?? []),
    ...(results.length > 1 ? { outputs: null, hides: () => false } : {}),
  };
  const { bytes, relay } = relayed(answer.bytes, plan, () => part, { ...options, upstream: capabilitiesOf(options) });
  expect(bytes.length).toBe(expected.bytes.length);
  expect(bytes.equals(expected.bytes)).toBe(true);
  expect(relay.walker).toMatchObject({ done: true, rows: results.reduce((sum, { rows }) => sum + rows.length, 0) });
  expect(relay.holds).toBe(false);
}

describe("rows of more than 16 MiB", () => {
  it.each(OPTIONS)("keep their long plain values, in packets counted anew: %o", (options) => {
    const columns = [{ type: T.LONG, method: "email" }, plain, { type: T.VAR_STRING, method: "token" }, plain] as const;
    const rows = [
      [number, large(10, 1), Buffer.from("secret"), null],
      [number, large(17 << 20, 2), Buffer.from("secret"), Buffer.from("end")],
      [null, large(34 << 20, 3), null, large(100, 4)],
      [number, null, Buffer.from("secret"), Buffer.from("end")],
    ];
    check([{ columns, rows }], options);
  });

  it.each(OPTIONS)("shrink to one packet, and what follows counts on from it: %o", (options) => {
    const columns = [{ type: T.BLOB, method: "null" }, plain, { type: T.BLOB, method: "redact" }] as const;
    const rows = [
      [large(20 << 20, 1), Buffer.from("a"), large(20 << 20, 1)],
      [null, Buffer.from("b"), Buffer.from("c")],
    ];
    check([{ columns, rows }], options);
  });

  it.each(OPTIONS)("show long values that a mask would have to see as redacted: %o", (options) => {
    const columns = [{ type: T.BLOB, method: "token" }, { type: T.BLOB, method: "partial" }, plain] as const;
    const rows = [
      [large(1024 * 1024, 1), large(1024 * 1024 + 1, 2), large(17 << 20, 3)],
      [large(1024 * 1024 + 1, 1), large(1024 * 1024, 2), Buffer.from("short")],
    ];
    check([{ columns, rows }], options);
  });

  it.each(OPTIONS)("come of rows that were shorter, when masks make them longer: %o", (options) => {
    const columns = Array.from({ length: 16 }, () => ({ type: T.BLOB, method: "partial" as const }));
    const rows = [columns.map(() => large(1_040_000, 5)), columns.map(() => Buffer.from("x"))];
    check([{ columns, rows }], options);
  });

  it.each(OPTIONS)("end with an empty packet when they fill their packets exactly: %o", (options) => {
    const head = options.binary ? 2 : 0;
    for (const rest of [MAX_PAYLOAD, 2 * MAX_PAYLOAD]) {
      // Behind the prefixes of the two values.
      const fits = large(rest - head - "\x0a[redacted]".length - (rest > MAX_PAYLOAD ? 9 : 4), 6);
      const columns = [{ type: T.BLOB, method: "redact" }, plain] as const;
      check(
        [
          {
            columns,
            rows: [
              [large(rest, 1), fits],
              [null, Buffer.from("x")],
            ],
          },
        ],
        options,
      );
    }
    const columns = [plain, { type: T.BLOB, method: "redact" }] as const;
    const exact = large(MAX_PAYLOAD - head - 4 - "\x01x".length, 6);
    check([{ columns, rows: [[exact, Buffer.from("x")]] }], options);
  });

  it.each(OPTIONS)("do not disturb the results behind them, masked or not: %o", (options) => {
    // The plan of several results knows nothing of their columns: nothing is masked, nothing changes.
    const rows = [[large(17 << 20, 2)], [Buffer.from("x")]];
    check(
      [
        { columns: [plain], rows },
        { columns: [plain, plain], rows: [[null, Buffer.from("y")]] },
      ],
      options,
    );
  });

  it("say NULL in their head, or stand-ins once that is gone", () => {
    const columns = [{ type: T.BLOB, method: "token" }, plain, { type: T.BLOB, method: "token" }] as const;
    const options = { binary: true, deprecateEof: true };
    // An empty value is NULL to this mask.
    check([{ columns, rows: [[Buffer.alloc(0), large(100, 1), Buffer.alloc(0)]] }], options);
    const row: readonly Cell[] = [Buffer.alloc(0), large(17 << 20, 1), Buffer.alloc(0)];
    const answer = addAnswer(new Packets(), { columns, rows: [row] }, options).bytes;
    const shown: readonly Cell[] = [null, large(17 << 20, 1), Buffer.from("[redacted]")];
    const { bytes } = relayed(answer, planOf(columns), () => PART, { binary: true, upstream: capabilitiesOf(options) });
    const shownColumns = columns.map(({ type }) => ({ type, method: null }));
    const expected = addAnswer(new Packets(), { columns: shownColumns, rows: [shown] }, options).bytes;
    expect(bytes.subarray(-1000).equals(expected.subarray(-1000))).toBe(true);
  });

  it.each(OPTIONS)("end the answer when they end too early or too late: %o", (options) => {
    const columns = [{ type: T.BLOB, method: "token" }, plain] as const;
    const whole = addAnswer(new Packets(), { columns, rows: [[Buffer.from("secret"), large(17 << 20, 1)]] }, options);
    const answer = whole.bytes;
    // One byte more, or less, in the last packet of the row.
    const last = answer.indexOf(Buffer.from([1, 1, 1]), answer.length - 5000);
    const header =
      answer.length -
      (options.deprecateEof ? 11 : 9) -
      ((17 << 20) + 12 - MAX_PAYLOAD + (options.binary ? 2 : 0)) -
      4 +
      1;
    expect(last).toBeGreaterThan(0);
    for (const change of [-1, 1]) {
      const broken = Buffer.from(answer);
      const at = findHeader(broken, header);
      broken.writeUIntLE(broken.readUIntLE(at, 3) + change, at, 3);
      const run = () => relayed(broken, planOf(columns), () => PART, { ...options, upstream: capabilitiesOf(options) });
      expect(run).toThrow(MalformedPacket);
    }
  });

  it("end with an error between packets when they go beyond the limit before anything of them was sent", () => {
    const columns = [{ type: T.BLOB, method: "redact" }, plain] as const;
    const rows = [
      [Buffer.from("a"), Buffer.from("b")],
      [large(20 << 20, 1), large(3 << 20, 1)],
      [Buffer.from("a"), Buffer.from("b")],
    ];
    const options = { binary: false, deprecateEof: true };
    const answer = addAnswer(new Packets(), { columns, rows }, options).bytes;
    const send = (maxBytes: number) =>
      relayed(answer, planOf(columns), () => PART, { binary: false, upstream: capabilitiesOf(options), maxBytes });
    const { bytes, cut, relay } = send(1 << 20);
    expect(cut).toBe(true);
    expect(bytes.subarray(-CUT.length).equals(CUT)).toBe(true);
    expect(bytes[bytes.length - CUT.length - 1]).toBe(5);
    expect(relay.walker.done).toBe(true);
    // What the client gets counts, not what is hidden.
    expect(send(4 << 20).cut).toBe(false);
  });
});

/** The header of the packet nearest to `about`. */
function findHeader(bytes: Buffer, about: number): number {
  let at = 0;
  let best = 0;
  while (at < bytes.length) {
    if (Math.abs(at - about) < Math.abs(best - about)) best = at;
    at += 4 + bytes.readUIntLE(at, 3);
  }
  return best;
}
