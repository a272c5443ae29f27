import { describe, expect, it } from "vitest";
import { TYPE } from "@/lib/masking/column-types";
import type { ResultPlan } from "@/lib/masking/result-plan";
import { writeColumnDefinition } from "../protocol/column-definition";
import { CAPABILITY, HEADER, STATUS } from "../protocol/constants";
import { writeEof } from "../protocol/eof-packet";
import { readErr, writeErr } from "../protocol/err-packet";
import { type OkPacket, readOk, writeOk } from "../protocol/ok-packet";
import { lenenc, lenencString } from "../protocol/packet-writer";
import { seededRandom } from "../protocol/seeded-random";
import { writeSchemaChange } from "../protocol/session-track";
import {
  type AnswerOptions,
  addAnswer,
  addExpected,
  addPrepared,
  capabilitiesOf,
  definitionOf,
  expectedDefinition,
  type MadeResult,
  Packets,
  planOf,
} from "./made-answers";
import { CUT, relayed } from "./relayed";

const T = TYPE;
const WHOLE = () => Number.POSITIVE_INFINITY;
const text = (value: string) => Buffer.from(value);
const COLUMNS = [
  { type: T.LONG, method: null },
  { type: T.VAR_STRING, method: "token" },
] as const;
const RESULT: MadeResult = { columns: COLUMNS, rows: [[text("1"), text("secret")]] };
const ENDINGS: readonly AnswerOptions[] = [
  { binary: false, deprecateEof: false },
  { binary: false, deprecateEof: true },
];
const NOTHING = Buffer.alloc(0);

function ok(changes: Partial<OkPacket>, capabilities = 0): Buffer {
  const plain = { affectedRows: 0, lastInsertId: 0, status: STATUS.AUTOCOMMIT, warnings: 0 };
  return writeOk({ header: HEADER.OK, ...plain, info: NOTHING, stateChanges: NOTHING, ...changes }, capabilities);
}

describe("a result whose definitions disagree with its plan", () => {
  const answerOf = (columns: MadeResult["columns"], options: AnswerOptions) =>
    addAnswer(new Packets(), { columns, rows: [columns.map(() => text("secret"))] }, options).bytes;
  const plain = planOf(COLUMNS);
  const only = (changes: Partial<ResultPlan>): ResultPlan => ({ ...plain, ...changes });

  it.each([
    ["has more columns", [...COLUMNS, COLUMNS[0]], plain, /has 3 columns, and the statement asks for 2$/],
    ["has fewer columns", [COLUMNS[0]], plain, /has 1 columns, and/],
    [
      "takes a shown column from another one",
      COLUMNS,
      only({
        outputs: [
          { mask: null, origin: { schema: "shop", table: "t", column: "other" } },
          { mask: { method: "token", options: {} }, origin: null },
        ],
      }),
      /result column 1 comes from shop.t.c0, and the statement takes it from shop.t.other$/,
    ],
    [
      "takes a shown column from another schema",
      COLUMNS,
      only({
        outputs: [
          { mask: null, origin: { schema: "shop2", table: "t", column: "c0" } },
          { mask: { method: "token", options: {} }, origin: null },
        ],
      }),
      /comes from shop.t.c0/,
    ],
    [
      "shows a masked column where lineage sees an expression",
      COLUMNS,
      only({
        outputs: [
          { mask: null, origin: null },
          { mask: null, origin: null },
        ],
      }),
      /result column 2 comes from shop.t.c1, which is masked, and the statement does not say so$/,
    ],
    [
      "shows a masked column without lineage",
      COLUMNS,
      only({ outputs: null }),
      /result column 2 comes from shop.t.c1, which/,
    ],
  ] as const)("is cut before anything of it is sent: it %s", (_what, columns, plan, message) => {
    for (const options of ENDINGS) {
      const answer = answerOf(columns, options);
      for (const part of [answer.length, 1, 33]) {
        const { bytes, cut, relay } = relayed(answer, plan, () => part, { upstream: capabilitiesOf(options) });
        expect(cut).toBe(true);
        expect(bytes).toEqual(Buffer.concat([lenenc(CUT.length), Buffer.of(0, 0, 1), CUT]));
        expect(relay.masked.disagreement?.message).toMatch(message);
        expect(relay.walker.done).toBe(true);
      }
    }
  });

  it("passes when names differ in case alone", () => {
    const plan = only({
      outputs: [
        { mask: null, origin: { schema: "SHOP", table: "T", column: "C0" } },
        { mask: { method: "token", options: {} }, origin: null },
      ],
    });
    const [options = { binary: false, deprecateEof: false }] = ENDINGS;
    const { bytes } = relayed(answerOf(COLUMNS, options), plan, WHOLE, {});
    expect(bytes).toEqual(
      addExpected(new Packets(), { columns: COLUMNS, rows: [COLUMNS.map(() => text("secret"))] }, options).bytes,
    );
  });

  it("is cut at a second result, and only there, when the statement has one", () => {
    for (const options of ENDINGS) {
      const answer = addAnswer(addAnswer(new Packets(), RESULT, { ...options, more: true }), RESULT, options).bytes;
      const first = addExpected(new Packets(), RESULT, { ...options, more: true }).bytes;
      for (const part of [answer.length, 5]) {
        const { bytes, cut, relay } = relayed(answer, plain, () => part, { upstream: capabilitiesOf(options) });
        expect(cut).toBe(true);
        expect(bytes.subarray(0, first.length)).toEqual(first);
        expect(bytes.subarray(first.length + 4)).toEqual(CUT);
        expect(relay.masked.disagreement?.message).toMatch(/second result/);
      }
    }
  });

  it("lets an ERR among the definitions take their place", () => {
    const error = writeErr({ errno: 1317, sqlState: "70100", message: "interrupted" });
    const answer = new Packets().add(lenenc(2), writeColumnDefinition(definitionOf(T.LONG, 0)), error).bytes;
    for (const part of [answer.length, 1]) {
      const { bytes, relay } = relayed(answer, plain, () => part, {});
      expect(bytes).toEqual(new Packets().add(error).bytes);
      expect(relay.walker).toMatchObject({ done: true, errno: 1317 });
    }
  });
});

describe("a result that agrees with its plan", () => {
  it("passes untouched when nothing of it is masked", () => {
    const columns = COLUMNS.map(({ type }) => ({ type, method: null }));
    const rows = Array.from({ length: 500 }, () => [text("1"), text("x".repeat(100))]);
    for (const options of ENDINGS) {
      const answer = addAnswer(new Packets(), { columns, rows }, options).bytes;
      for (const part of [answer.length, 1, 1000]) {
        const passed = relayed(answer, planOf(columns), () => part, { upstream: capabilitiesOf(options) });
        expect(passed.bytes.equals(answer)).toBe(true);
        expect(passed.relay.masked.maskedRows).toBe(0);
        expect(passed.relay.walker.bytes).toBe(answer.length);
      }
    }
  });

  it("is checked anew when its definitions change under the same plan", () => {
    const plan = planOf(COLUMNS);
    const [options = { binary: false, deprecateEof: false }] = ENDINGS;
    const same = addAnswer(new Packets(), RESULT, options).bytes;
    const expected = addExpected(new Packets(), RESULT, options).bytes;
    const other = Buffer.from(same);
    other.write("c9", other.indexOf("c0"));
    other.write("c9", other.lastIndexOf("c0"));
    expect(relayed(same, plan, WHOLE, {}).bytes).toEqual(expected);
    expect(relayed(same, plan, WHOLE, {}).bytes).toEqual(expected);
    expect(relayed(other, plan, WHOLE, {}).cut).toBe(true);
    expect(relayed(same, plan, () => 3, {}).bytes).toEqual(expected);
  });

  it("keeps masks of text and binary rows apart under one plan", () => {
    const plan = planOf(COLUMNS);
    for (const binary of [false, true, false, true]) {
      const options = { binary, deprecateEof: true };
      const rows = [[Buffer.from(binary ? "\x01\0\0\0" : "1"), text("secret")]];
      const answer = addAnswer(new Packets(), { columns: COLUMNS, rows }, options).bytes;
      const got = relayed(answer, plan, WHOLE, { binary, upstream: capabilitiesOf(options) });
      expect(got.bytes).toEqual(addExpected(new Packets(), { columns: COLUMNS, rows }, options).bytes);
    }
  });

  it("ends at a limit of rows as before, and at a limit of bytes by what the client gets", () => {
    const columns = [{ type: T.VAR_STRING, method: "redact" }] as const;
    const [options = { binary: false, deprecateEof: false }] = ENDINGS;
    const rowsOf = (length: number) => Array.from({ length: 10 }, () => [Buffer.alloc(length, 1)]);
    const send = (length: number, limits: { maxRows?: number; maxBytes?: number }, part: number) =>
      relayed(
        addAnswer(new Packets(), { columns, rows: rowsOf(length) }, options).bytes,
        planOf(columns),
        () => part,
        limits,
      );
    for (const part of [1_000_000, 7]) {
      const few = send(5, { maxRows: 4 }, part);
      expect(few.cut).toBe(true);
      expect(few.relay.masked.maskedRows).toBe(4);
      const definitions = addAnswer(new Packets(), { columns, rows: [] }, options).bytes.length - 9;
      const sizes = [0, 200, 5000].map((length) => send(length, { maxBytes: definitions + 3 * 15 + 7 }, part));
      expect(new Set(sizes.map(({ bytes }) => bytes.toString("hex"))).size).toBe(1);
      expect(sizes[0]?.relay.masked.maskedRows).toBe(3);
      expect(sizes[0]?.bytes.subarray(-CUT.length)).toEqual(CUT);
    }
  });
});

describe("the answer to COM_STMT_PREPARE", () => {
  const definitions = COLUMNS.map(({ type }, index) => writeColumnDefinition(definitionOf(type, index)));
  const shown = COLUMNS.map(({ type, method }, index) => expectedDefinition(definitionOf(type, index), method));

  it.each([0, 1, 3])("tells of masked columns as they will come, and leaves %i parameters alone", (parameters) => {
    for (const options of ENDINGS) {
      const answer = addPrepared(new Packets(), definitions, parameters, options).bytes;
      const expected = addPrepared(new Packets(), shown, parameters, options).bytes;
      for (const part of [answer.length, 1, 50]) {
        const settings = { answer: "prepared", upstream: capabilitiesOf(options) } as const;
        const { bytes, relay } = relayed(answer, planOf(COLUMNS), () => part, settings);
        expect(bytes).toEqual(expected);
        expect(relay.walker.done).toBe(true);
        expect(relay.walker.prepared).toMatchObject({ statementId: 7, parameters });
        expect(relay.walker.bytes).toBe(answer.length);
      }
    }
  });

  it("passes when the statement has no result", () => {
    for (const options of ENDINGS) {
      const answer = addPrepared(new Packets(), [], 2, options).bytes;
      const settings = { answer: "prepared", upstream: capabilitiesOf(options) } as const;
      expect(relayed(answer, { ...planOf([]), outputs: [] }, () => 3, settings).bytes).toEqual(answer);
    }
  });

  it("is an ERR alone when the definitions disagree", () => {
    const answer = addPrepared(
      new Packets(),
      [...definitions, ...definitions],
      2,
      ENDINGS[0] ?? { binary: false, deprecateEof: false },
    );
    const { bytes, relay } = relayed(answer.bytes, planOf(COLUMNS), () => 11, { answer: "prepared" });
    expect(bytes.subarray(4)).toEqual(CUT);
    expect(relay.walker.block?.prepared?.statementId).toBe(7);
    expect(relay.walker.done).toBe(true);
  });

  it("has no warnings where those could quote values", () => {
    for (const options of ENDINGS) {
      const answer = addPrepared(new Packets(), definitions, 2, { ...options, warnings: 3 }).bytes;
      const plan = planOf(COLUMNS, { scrub: true });
      const settings = { answer: "prepared", upstream: capabilitiesOf(options) } as const;
      expect(relayed(answer, plan, WHOLE, settings).bytes).toEqual(addPrepared(new Packets(), shown, 2, options).bytes);
    }
  });
});

describe("rows of a cursor", () => {
  it("are masked as the execution said, without definitions of their own", () => {
    const options = { binary: true, deprecateEof: false };
    const opened = addAnswer(new Packets(), { columns: COLUMNS, rows: [] }, options).bytes;
    const plan = planOf(COLUMNS);
    const { relay } = relayed(opened, plan, WHOLE, { binary: true });
    const rows = [
      [Buffer.of(1, 0, 0, 0), text("secret")],
      [null, null],
    ];
    const fetched = (result: Buffer) => result.subarray(opened.length - 9);
    const answer = fetched(addAnswer(new Packets(), { columns: COLUMNS, rows }, options).bytes);
    const expected = fetched(addExpected(new Packets(), { columns: COLUMNS, rows }, options).bytes);
    const got = relayed(answer, plan, () => 4, { answer: "rows", binary: true, columns: relay.masked.columns });
    expect(got.bytes).toEqual(expected);
    expect(got.relay.walker.done).toBe(true);
  });
});

describe("the answer to COM_FIELD_LIST", () => {
  it("tells the defaults of columns that are shown only", () => {
    for (const options of ENDINGS) {
      const end = options.deprecateEof ? ok({ header: HEADER.EOF }) : writeEof({ warnings: 0, status: 2 });
      const field = (index: number, fallback: Buffer) =>
        Buffer.concat([writeColumnDefinition(definitionOf(T.VAR_STRING, index)), fallback]);
      const none = Buffer.of(0xfb);
      const secret = lenencString(text("secret"));
      const answer = new Packets().add(
        field(0, secret),
        field(1, secret),
        field(1, none),
        field(1, NOTHING),
        end,
      ).bytes;
      const expected = new Packets().add(
        field(0, secret),
        field(1, none),
        field(1, none),
        field(1, NOTHING),
        end,
      ).bytes;
      const plan = planOf(COLUMNS, { outputs: null });
      for (const part of [answer.length, 1]) {
        const settings = { answer: "fields", upstream: capabilitiesOf(options) } as const;
        const { bytes, relay } = relayed(answer, plan, () => part, settings);
        expect(bytes).toEqual(expected);
        expect(relay.walker).toMatchObject({ done: true, bytes: answer.length });
      }
    }
  });
});

describe("what a server says beside its rows", () => {
  const plan = planOf(COLUMNS, { scrub: true });

  it("loses the text of its errors, but not their numbers, in place of a result and in the middle of one", () => {
    const error = writeErr({ errno: 1292, sqlState: "22007", message: "Incorrect value: 'secret'" });
    const [options = { binary: false, deprecateEof: false }] = ENDINGS;
    const rows = addAnswer(new Packets(), RESULT, options).bytes.subarray(0, -9);
    const answers = [new Packets().add(error).bytes, Buffer.concat([rows, new Packets().add(error).bytes])];
    for (const answer of answers) {
      const { bytes, relay } = relayed(answer, plan, () => 9, {});
      const shown = readErr(bytes.subarray(bytes.lastIndexOf(Buffer.of(0xff, 0x0c, 0x05))));
      expect(shown).toEqual({
        errno: 1292,
        sqlState: "22007",
        message:
          "[sallyport] The statement failed at the server with error 1292, a value does not fit its type. Its text could show masked values, so it is not shown. (code=MASK_UNSAFE event=EVENT)",
      });
      expect(relay.walker.errMessage).toBe(shown.message);
      expect(bytes.includes("secret")).toBe(false);
    }
  });

  it("keeps them for statements that touch nothing masked", () => {
    const answer = new Packets().add(writeErr({ errno: 1292, sqlState: "22007", message: "'abc'" })).bytes;
    expect(relayed(answer, planOf(COLUMNS), WHOLE, {}).bytes).toEqual(answer);
  });

  it("loses its counts of warnings behind rows", () => {
    for (const options of ENDINGS) {
      const answer = addAnswer(new Packets(), RESULT, { ...options, warnings: 2 }).bytes;
      const { bytes, relay } = relayed(answer, plan, () => 6, { upstream: capabilitiesOf(options) });
      const expected = addExpected(new Packets(), RESULT, options).bytes;
      expect(bytes).toEqual(expected);
      expect(relay.walker.bytes).toBe(expected.length);
    }
  });

  it("loses the text of an OK, but not its numbers, nor the changes of the session where the client takes them", () => {
    const both = CAPABILITY.SESSION_TRACK;
    const changed = { affectedRows: 70_000, lastInsertId: 9, stateChanges: writeSchemaChange("shop") };
    const answer = new Packets().add(
      ok({ ...changed, warnings: 3, info: text("Rows matched: 1  secret") }, both),
    ).bytes;
    const tracked = relayed(answer, plan, () => 5, { upstream: both });
    expect(readOk(tracked.bytes.subarray(4), both)).toMatchObject({ ...changed, warnings: 0, info: NOTHING });
    const plain = relayed(answer, plan, () => 5, { upstream: both, client: 0 });
    expect(readOk(plain.bytes.subarray(4), 0)).toMatchObject({ affectedRows: 70_000, warnings: 0, info: NOTHING });
    expect(plain.relay.walker.stateChanges).toHaveLength(1);
  });

  it("meets any bytes with an answer, a wait for more or MalformedPacket", () => {
    const random = seededRandom(3);
    for (let run = 0; run < 5000; run += 1) {
      const options = ENDINGS[run % 2] ?? { binary: false, deprecateEof: false };
      const answer = addAnswer(addAnswer(new Packets(), RESULT, { ...options, more: true }), RESULT, options).bytes;
      for (let change = 0; change < 2; change += 1) {
        answer[Math.floor(random() * answer.length)] = Math.floor(random() * 256);
      }
      try {
        relayed(answer, random() < 0.5 ? plan : { ...plan, outputs: null, hides: () => false }, () => 50, {
          upstream: capabilitiesOf(options),
        });
      } catch (error) {
        expect((error as Error).name).toBe("MalformedPacket");
      }
    }
  });
});
