import { describe, expect, it } from "vitest";
import { TYPE } from "@/lib/masking/column-types";
import type { MaskMethodName } from "@/lib/masking/mask";
import { MalformedPacket } from "../protocol/malformed";
import { seededRandom } from "../protocol/seeded-random";
import { addAnswer, addExpected, type Cell, capabilitiesOf, type MadeResult, Packets, planOf } from "./made-answers";
import { relayed } from "./relayed";

const WHOLE = () => Number.POSITIVE_INFINITY;
const T = TYPE;
const bytes = (...values: number[]) => Buffer.from(values);

/** Type, and values as they stand in rows of the binary protocol. */
const TYPES: ReadonlyArray<readonly [name: string, type: number, values: readonly Cell[]]> = [
  ["varchar", T.VAR_STRING, [Buffer.from("ssn-1"), Buffer.from(""), Buffer.from("x".repeat(300)), null]],
  ["blob", T.BLOB, [bytes(0xfb, 0xff, 0), Buffer.alloc(70_000, 7), null]],
  ["tinyint", T.TINY, [bytes(255), bytes(0), null]],
  ["smallint", T.SHORT, [bytes(1, 2)]],
  ["year", T.YEAR, [bytes(0xe8, 7)]],
  ["int", T.LONG, [bytes(1, 2, 3, 4)]],
  ["mediumint", T.INT24, [bytes(1, 2, 3, 0)]],
  ["bigint", T.LONGLONG, [bytes(1, 2, 3, 4, 5, 6, 7, 8), null]],
  ["float", T.FLOAT, [bytes(1, 2, 3, 4)]],
  ["double", T.DOUBLE, [bytes(1, 2, 3, 4, 5, 6, 7, 8)]],
  ["decimal", T.NEWDECIMAL, [Buffer.from("-12.50")]],
  ["date", T.DATE, [bytes(4, 0xe8, 7, 1, 2), bytes(0), null]],
  ["datetime", T.DATETIME, [bytes(7, 0xe8, 7, 1, 2, 3, 4, 5), bytes(11, 0xe8, 7, 1, 2, 3, 4, 5, 1, 0, 0, 0)]],
  ["timestamp", T.TIMESTAMP, [bytes(7, 0xe8, 7, 1, 2, 3, 4, 5)]],
  ["time", T.TIME, [bytes(8, 1, 0, 0, 0, 0, 1, 2, 3), bytes(0)]],
  ["bit", T.BIT, [bytes(1, 1)]],
  ["json", T.JSON, [Buffer.from('{"a":1}')]],
  ["enum", T.ENUM, [Buffer.from("new")]],
  ["geometry", T.GEOMETRY, [Buffer.alloc(25, 1)]],
];
const METHODS: readonly MaskMethodName[] = ["redact", "null", "token", "partial", "email"];

const PROTOCOLS = [
  { binary: false, deprecateEof: false },
  { binary: false, deprecateEof: true },
  { binary: true, deprecateEof: false },
  { binary: true, deprecateEof: true },
];

function check(result: MadeResult, options: (typeof PROTOCOLS)[number], next: () => number) {
  const answer = addAnswer(new Packets(), result, options).bytes;
  const expected = addExpected(new Packets(), result, options).bytes;
  const {
    bytes: got,
    relay,
    writes,
  } = relayed(answer, planOf(result.columns), next, {
    binary: options.binary,
    upstream: capabilitiesOf(options),
  });
  expect(got.equals(expected)).toBe(true);
  expect(relay.walker.done).toBe(true);
  expect(relay.holds).toBe(false);
  const hidden = result.columns.some(({ method }) => method !== null);
  expect(relay.masked.maskedRows).toBe(hidden ? result.rows.length : 0);
  expect(relay.walker.rows).toBe(result.rows.length);
  return { writes, length: got.length, counted: relay.walker.bytes };
}

const plain = { type: T.VAR_STRING, method: null } as const;
const text = (value: string): Cell => Buffer.from(value);

describe("rows with masked columns", () => {
  it.each(TYPES)(
    "come out masked by every method where the column is a %s, in both protocols",
    (_name, type, values) => {
      for (const options of PROTOCOLS) {
        for (const method of METHODS) {
          const rows = values.map((value, index) => [text(`before ${index}`), value, text("behind"), null]);
          check({ columns: [plain, { type, method }, plain, plain], rows }, options, WHOLE);
        }
      }
    },
  );

  it("keep values of every type that stand beside a masked one", () => {
    const longest = Math.max(...TYPES.map(([, , values]) => values.length));
    const rows = Array.from({ length: longest }, (_, index) => [
      text("secret"),
      ...TYPES.map(([, , values]) => values[index % values.length] ?? null),
      text("secret"),
    ]);
    const columns = TYPES.map(([, type]) => ({ type, method: null }));
    const secret = { type: T.STRING, method: "token" } as const;
    for (const options of PROTOCOLS) {
      check({ columns: [secret, ...columns, secret], rows }, options, WHOLE);
    }
  });

  it("come out the same wherever the stream is split", () => {
    const columns = [plain, { type: T.VAR_STRING, method: "token" }, { type: T.LONG, method: "null" }, plain] as const;
    const rows = [
      [text("a"), text("secret"), bytes(1, 2, 3, 4), null],
      [null, null, null, text("z".repeat(260))],
      [text(""), text(""), bytes(0, 0, 0, 0), text("end")],
    ];
    for (const options of PROTOCOLS) {
      const { length } = addAnswer(new Packets(), { columns, rows }, options).bytes;
      for (let split = 1; split < length; split += 1) {
        let first = true;
        check({ columns, rows }, options, () => {
          const size = first ? split : length;
          first = false;
          return size;
        });
        check({ columns, rows }, options, () => split);
      }
    }
  });

  it("go out in one write for each read, and count as the client gets them", () => {
    const columns = [plain, { type: T.VAR_STRING, method: "redact" }] as const;
    const rows = Array.from({ length: 1000 }, (_, index) => [text(`row ${index}`), text("x".repeat(index % 50))]);
    const whole = check({ columns, rows }, { binary: false, deprecateEof: true }, WHOLE);
    expect(whole.writes).toBe(1);
    expect(whole.counted).toBe(whole.length);
    let parts = 0;
    const { writes } = check({ columns, rows }, { binary: true, deprecateEof: true }, () => {
      parts += 1;
      return 4096;
    });
    expect(writes).toBeLessThanOrEqual(parts);
  });

  it("equal what a plain implementation gives, for random results in random parts", () => {
    const random = seededRandom(11);
    const below = (limit: number) => Math.floor(random() * limit);
    const pick = <Item>(items: readonly Item[], otherwise: Item): Item => items[below(items.length)] ?? otherwise;
    for (let run = 0; run < 400; run += 1) {
      const options = pick(PROTOCOLS, { binary: false, deprecateEof: false });
      const kinds = Array.from({ length: 1 + below(20) }, () => pick(TYPES, ["varchar", T.VAR_STRING, [null]]));
      const columns = kinds.map(([, type]) => ({ type, method: random() < 0.4 ? pick(METHODS, "redact") : null }));
      const rows = Array.from({ length: below(30) }, () =>
        kinds.map(([name, , values]) => {
          if (name === "varchar" && random() < 0.7)
            return Buffer.alloc(below(random() < 0.05 ? 70_000 : 300), below(256));
          return random() < 0.1 ? null : pick(values, null);
        }),
      );
      const { length } = addAnswer(new Packets(), { columns, rows }, options).bytes;
      const largest = Math.max(pick([2, 9, 40, 4000, 65_536], 40), Math.ceil(length / 500));
      check({ columns, rows }, options, () => 1 + below(largest));
    }
  });
});

describe("rows that are not what they should be", () => {
  const columns = [
    { type: T.LONG, method: null },
    { type: T.VAR_STRING, method: "redact" },
    { type: T.VAR_STRING, method: null },
  ] as const;

  it.each([
    ["ends before its last column", false, [Buffer.from("\x011\x06secret")]],
    ["goes on behind its last column", false, [Buffer.from("\x011\x06secret\x01a\x01b")]],
    ["has a value that is longer than the row", false, [Buffer.from("\x011\x06secret\x09a")]],
    ["has a masked value that is longer than the row", false, [Buffer.from("\x011\x09secret")]],
    ["has a length of 64 bits", false, [Buffer.from("\x011\xfe\xff\xff\xff\xff\xff\xff\xff\xffsecret", "latin1")]],
    ["has a length that is cut", false, [Buffer.from("\x011\x06secret\xfd\x01", "latin1")]],
    ["has no length", false, [Buffer.from("\x011\xff\x06secret", "latin1")]],
    ["ends in its bitmap", true, [Buffer.from("\x00")]],
    ["has another header", true, [Buffer.from("\x01\x00AAAA\x06secret\x01a")]],
    ["ends in a number", true, [Buffer.from("\x00\x00AAA")]],
    ["lacks its last column", true, [Buffer.from("\x00\x00AAAA\x06secret")]],
    ["has bytes behind its last column", true, [Buffer.from("\x00\x00AAAA\x06secret\x01ab")]],
    ["is NULL where a value follows", true, [Buffer.from("\x00\x08AAAA\x06secret\x01a")]],
  ] as const)("end the answer: a row that %s", (_what, binary, rows) => {
    const options = { binary, deprecateEof: true };
    const head = addAnswer(new Packets(), { columns, rows: [] }, options);
    const start = head.bytes.subarray(0, -11);
    const answer = Buffer.concat([start, new Packets().add(...rows).bytes]);
    for (const part of [answer.length, start.length, 7]) {
      const out: Buffer[] = [];
      const run = () =>
        relayed(answer, planOf(columns), () => part, { binary, upstream: capabilitiesOf(options), out });
      expect(run).toThrow(MalformedPacket);
      expect(Buffer.concat(out).includes("secret")).toBe(false);
    }
  });

  it("meet any bytes with rows, a wait for more or MalformedPacket", () => {
    const random = seededRandom(5);
    for (let run = 0; run < 10_000; run += 1) {
      const options = PROTOCOLS[run % PROTOCOLS.length] ?? { binary: false, deprecateEof: false };
      const rows = [[Buffer.of(1, 2, 3, 4), Buffer.from("secret"), Buffer.from("x")]];
      const answer = addAnswer(new Packets(), { columns, rows }, options).bytes;
      const definitions = addAnswer(new Packets(), { columns, rows: [] }, options).bytes.length - 11;
      const at = definitions + Math.floor(random() * (answer.length - definitions));
      answer[at] = Math.floor(random() * 256);
      try {
        const { bytes: got } = relayed(answer, planOf(columns), WHOLE, {
          binary: options.binary,
          upstream: capabilitiesOf(options),
        });
        expect(got.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedPacket);
      }
    }
  });
});
