import { describe, expect, it } from "vitest";
import {
  type BuiltColumn,
  binaryRow,
  definition,
  eof,
  err,
  ok,
  packets,
  resultSet,
  textRow,
} from "@/e2e/support/answer-bytes";
import { FLAG, TYPE } from "@/lib/masking/column-types";
import { STATUS } from "@/proxy/protocol/constants";
import { lenencString, u16, u32 } from "@/proxy/protocol/packet-writer";
import { seededRandom } from "@/proxy/protocol/seeded-random";
import { writeStmtPrepareOk } from "@/proxy/protocol/stmt-prepare-ok";
import type { Frame, FrameKind } from "../frame";
import type { ReplayValue } from "../replay-model";
import { decodeAnswer } from "./decode";
import { readAnswer } from "./read-answer";

type Command = Parameters<typeof readAnswer>[1];
const ALL = { from: 0, rows: 1000 };

function frame(bytes: Buffer, atUs = 10, kind: FrameKind = "response"): Frame {
  return { kind, statementId: "0".repeat(26), atUs, bytes };
}
const mark = (kind: FrameKind) => frame(Buffer.alloc(0), 99, kind);

function decoded(frames: Frame | readonly Frame[], command: Command = "query", window = ALL) {
  const answer = readAnswer("kind" in frames ? [frames] : frames, command);
  return { ...answer, ...decodeAnswer(answer, { masking: null, rows: 9 }, window) };
}

/** The rows of the first result that has some. */
function rowsOf(bytes: Buffer, command: Command = "query") {
  const { results } = decoded(frame(bytes), command);
  const found = results.find((result) => result.kind === "rows");
  return found?.kind === "rows" ? found.rows : null;
}

const names = (...all: string[]): BuiltColumn[] => all.map((name) => ({ name }));

describe("an answer", () => {
  it.each([true, false])("gives its rows, with DEPRECATE_EOF %s", (deprecateEof) => {
    const rows = [textRow(["1", "Ada"]), textRow(["2", null]), textRow(["", "🚪"])];
    const { results, complete, damaged } = decoded(
      frame(packets(...resultSet(names("id", "name"), rows, deprecateEof))),
    );
    expect(results).toMatchObject([
      {
        kind: "rows",
        rows: [
          ["1", "Ada"],
          ["2", null],
          ["", "🚪"],
        ],
        recorded: 3,
        leftOut: null,
      },
    ]);
    expect({ complete, damaged }).toEqual({ complete: true, damaged: false });
  });

  it.each([true, false])("without rows has its columns, with DEPRECATE_EOF %s", (deprecateEof) => {
    const { results } = decoded(frame(packets(...resultSet(names("id"), [], deprecateEof))));
    expect(results).toMatchObject([
      { kind: "rows", columns: [{ name: "id", type: "varchar" }], rows: [], recorded: 0 },
    ]);
  });

  it("may be one OK, with numbers beyond 2^53 in full", () => {
    const bytes = packets(ok({ affected: 3, info: "Rows matched: 3" }));
    expect(decoded(frame(bytes)).results).toEqual([
      { kind: "ok", affectedRows: 3, lastInsertId: "0", warnings: 0, info: "Rows matched: 3", atUs: 10 },
    ]);
    const large = Buffer.concat([Buffer.of(0, 1, 0xfe), Buffer.alloc(8, 0xff), u16(2), u16(5)]);
    expect(decoded(frame(packets(large))).results).toMatchObject([
      { lastInsertId: "18446744073709551615", warnings: 5 },
    ]);
  });

  it("may be an ERR, also behind rows", () => {
    const bytes = packets(...resultSet(names("a"), [textRow(["1"])], false).slice(0, -1), err(1317, "interrupted"));
    expect(decoded(frame(bytes)).results).toMatchObject([
      { kind: "rows", rows: [["1"]] },
      { kind: "error", errno: 1317, sqlState: "42000", message: "interrupted" },
    ]);
  });

  it("may hold several results", () => {
    const first = resultSet(names("a"), [textRow(["1"])], true, STATUS.MORE_RESULTS);
    const second = resultSet(names("b", "c"), [textRow(["2", "3"])], true, STATUS.MORE_RESULTS);
    const { results } = decoded(frame(packets(...first, ...second, ok({ affected: 7 }))));
    expect(results).toMatchObject([
      { kind: "rows", rows: [["1"]] },
      { kind: "rows", rows: [["2", "3"]] },
      { kind: "ok", affectedRows: 7 },
    ]);
  });

  it("of a prepared statement names what it takes and gives", () => {
    const head = writeStmtPrepareOk({ statementId: 4, columns: 2, parameters: 1, warnings: 0 });
    const parameter = definition({ name: "?" });
    const columns = [definition({ name: "id", type: TYPE.LONG }), definition({ name: "name" })];
    const info = "1 parameter, 2 columns: id int, name varchar";
    const withEof = decoded(frame(packets(head, parameter, eof(), ...columns, eof())), "prepare");
    const without = decoded(frame(packets(head, parameter, ...columns)), "prepare");
    expect(withEof.results).toMatchObject([{ kind: "ok", info }]);
    expect(without.results).toMatchObject([{ kind: "ok", info }]);
    expect([withEof.complete, without.complete]).toEqual([true, true]);
  });

  it("to COM_FIELD_LIST has a row for each field, with its default", () => {
    const field = (name: string, value: Buffer) => Buffer.concat([definition({ name }), value]);
    const bytes = packets(field("a", lenencString(Buffer.from("x"))), field("b", Buffer.of(0xfb)), eof());
    expect(rowsOf(bytes, "field_list")).toEqual([
      ["a", "varchar", "x"],
      ["b", "varchar", null],
    ]);
  });

  it("of a cursor goes on with its fetches", () => {
    const cursor = STATUS.CURSOR_EXISTS;
    const opened = [Buffer.of(1), definition({ name: "a" }), eof(cursor)];
    const row = (text: string) => binaryRow([lenencString(Buffer.from(text))]);
    const frames = [
      frame(packets(...opened), 1),
      frame(Buffer.of(0x1c), 2, "request"),
      frame(packets(row("1"), row("2"), eof(cursor)), 3),
      frame(packets(row("3"), eof(cursor | STATUS.LAST_ROW_SENT)), 4),
    ];
    const { results, complete } = decoded(frames, "execute");
    expect(results).toMatchObject([{ kind: "rows", rows: [["1"], ["2"], ["3"]], rowsAtUs: [3, 3, 4] }]);
    expect(complete).toBe(true);
  });

  it("may be in frames that end anywhere; a row's time is that of its last byte", () => {
    const bytes = packets(...resultSet(names("a"), [textRow(["one"]), textRow(["two"])], false));
    const whole = decoded(frame(bytes)).results;
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const { results } = decoded([frame(bytes.subarray(0, cut), 10), frame(bytes.subarray(cut), 20)]);
      expect(results.map((result) => ({ ...result, rowsAtUs: [] }))).toEqual(
        whole.map((result) => ({ ...result, rowsAtUs: [] })),
      );
    }
    const secondRow = bytes.length - 9 - 8;
    const { results } = decoded([
      frame(bytes.subarray(0, secondRow + 2), 10),
      frame(bytes.subarray(secondRow + 2), 20),
    ]);
    expect(results).toMatchObject([{ rowsAtUs: [10, 20] }]);
  });

  it("has rows of more than one packet", () => {
    const long = "x".repeat(0x100_0000 + 5);
    const rows = rowsOf(packets(...resultSet(names("a", "b"), [textRow([long, "end"])], true)));
    expect(rows?.[0]?.[0] === long).toBe(true);
    expect(rows?.[0]?.[1]).toBe("end");
  });

  it("gives the wanted window of rows only", () => {
    const rows = Array.from({ length: 50 }, (_, index) => textRow([String(index)]));
    const bytes = packets(...resultSet(names("a"), rows, true));
    const { results } = decoded(frame(bytes), "query", { from: 45, rows: 3 });
    expect(results).toMatchObject([{ from: 45, recorded: 50, rows: [["45"], ["46"], ["47"]] }]);
  });

  it("that was cut says so, and keeps its whole rows", () => {
    const bytes = packets(...resultSet(names("a"), [textRow(["one"]), textRow(["two"])], false));
    const { results, damaged } = decoded([frame(bytes.subarray(0, bytes.length - 11)), mark("cut")]);
    expect(results).toMatchObject([{ rows: [["one"]], recorded: 1, leftOut: "limit" }]);
    expect(damaged).toBe(false);
  });

  it("of which only the shape is recorded says so", () => {
    const [count, column, behind, end] = resultSet(names("a"), [], false);
    const start = packets(...[count, column, behind].flatMap((one) => one ?? []));
    const { results } = decoded([frame(start), mark("rows_left_out"), frame(packets(end ?? eof()))]);
    expect(results).toMatchObject([{ columns: [{ name: "a" }], rows: [], leftOut: "shape" }]);
  });

  it("names what hid a column of its first result", () => {
    const masking = {
      outputs: [{ position: 1, name: "ssn", columns: ["shop.customers.ssn"], method: "redact" as const }],
      exempt: [],
    };
    const answer = readAnswer([frame(packets(...resultSet(names("id", "ssn"), [], true)))], "query");
    expect(decodeAnswer(answer, { masking, rows: 0 }, ALL).results).toMatchObject([
      { columns: [{ masked: null }, { masked: { method: "redact", columns: ["shop.customers.ssn"] } }] },
    ]);
  });

  it("without frames has nothing", () => {
    expect(decoded([])).toMatchObject({ results: [], complete: false, damaged: false, firstByteUs: null });
  });
});

const BYTES = Buffer.from("00ff10", "hex");
const double = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
};
const float = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
const big = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
};
const dated = (...fields: number[]) => Buffer.from([fields.length, ...fields]);
const text = (value: string | Buffer) => lenencString(Buffer.from(value));
const year2024 = [0xe8, 0x07];

const U = FLAG.UNSIGNED;
/** Type name, definition, bytes of the binary protocol, what is shown. */
const binaryCells: [string, Omit<BuiltColumn, "name">, Buffer, ReplayValue][] = [
  ["tinyint", { type: TYPE.TINY }, Buffer.of(0xff), "-1"],
  ["tinyint unsigned", { type: TYPE.TINY, flags: U }, Buffer.of(0xff), "255"],
  ["smallint", { type: TYPE.SHORT }, Buffer.of(0, 0x80), "-32768"],
  ["smallint unsigned", { type: TYPE.SHORT, flags: U }, Buffer.of(0xff, 0xff), "65535"],
  ["mediumint", { type: TYPE.INT24 }, Buffer.of(0, 0, 0x80, 0xff), "-8388608"],
  ["int", { type: TYPE.LONG }, Buffer.of(0, 0, 0, 0x80), "-2147483648"],
  ["int unsigned", { type: TYPE.LONG, flags: U }, Buffer.alloc(4, 0xff), "4294967295"],
  ["int unsigned", { type: TYPE.LONG, flags: U | FLAG.ZEROFILL, length: 6 }, u32(42), "000042"],
  ["bigint", { type: TYPE.LONGLONG }, big(-(2n ** 63n)), "-9223372036854775808"],
  ["bigint unsigned", { type: TYPE.LONGLONG, flags: U }, big(2n ** 64n - 1n), "18446744073709551615"],
  ["float", { type: TYPE.FLOAT, decimals: 31 }, float(1.1), "1.1"],
  ["float", { type: TYPE.FLOAT, decimals: 2 }, float(2.349), "2.35"],
  ["double", { type: TYPE.DOUBLE, decimals: 31 }, double(-0.1), "-0.1"],
  ["double", { type: TYPE.DOUBLE, decimals: 31 }, double(1e20), "1e20"],
  ["double", { type: TYPE.DOUBLE, decimals: 31 }, double(1e-20), "1e-20"],
  ["decimal", { type: TYPE.NEWDECIMAL, collation: 63 }, text("12345678901234567890.50"), "12345678901234567890.50"],
  ["date", { type: TYPE.DATE }, dated(...year2024, 2, 29), "2024-02-29"],
  ["date", { type: TYPE.DATE }, dated(), "0000-00-00"],
  ["datetime", { type: TYPE.DATETIME }, dated(...year2024, 2, 29), "2024-02-29 00:00:00"],
  ["datetime", { type: TYPE.DATETIME }, dated(...year2024, 2, 29, 23, 59, 58), "2024-02-29 23:59:58"],
  [
    "datetime",
    { type: TYPE.DATETIME, decimals: 3 },
    dated(...year2024, 2, 29, 0, 0, 1, 0x20, 0xa1, 7, 0),
    "2024-02-29 00:00:01.500",
  ],
  ["timestamp", { type: TYPE.TIMESTAMP, decimals: 6 }, dated(), "0000-00-00 00:00:00.000000"],
  ["time", { type: TYPE.TIME }, dated(), "00:00:00"],
  ["time", { type: TYPE.TIME }, dated(1, 34, 0, 0, 0, 22, 59, 59), "-838:59:59"],
  ["time", { type: TYPE.TIME, decimals: 1 }, dated(0, 0, 0, 0, 0, 1, 2, 3, 0x20, 0xa1, 7, 0), "01:02:03.5"],
  ["year", { type: TYPE.YEAR, flags: U }, Buffer.from(year2024), "2024"],
  ["bit", { type: TYPE.BIT, collation: 63, length: 9 }, text(Buffer.of(1, 0)), { hex: "0100" }],
  ["varchar", {}, text("naïve 🚪"), "naïve 🚪"],
  ["varchar", { collation: 8 }, text(Buffer.of(0xe9, 0x80)), "é€"],
  ["varchar", { collation: 28 }, text("plain"), "plain"],
  ["varchar", { collation: 28 }, text(Buffer.of(0xbf, 0x5c)), { hex: "bf5c" }],
  ["varchar", {}, text(Buffer.of(0xc3)), { hex: "c3" }],
  ["varbinary", { collation: 63 }, text(BYTES), { hex: "00ff10" }],
  ["char", { type: TYPE.STRING }, text("c"), "c"],
  ["binary", { type: TYPE.STRING, collation: 63 }, text("c"), { hex: "63" }],
  ["enum", { type: TYPE.STRING, flags: FLAG.ENUM }, text("paid"), "paid"],
  ["set", { type: TYPE.STRING, flags: FLAG.SET }, text("a,b"), "a,b"],
  ["text", { type: TYPE.BLOB }, text("long"), "long"],
  ["blob", { type: TYPE.BLOB, collation: 63 }, text(BYTES), { hex: "00ff10" }],
  ["longblob", { type: TYPE.LONG_BLOB, collation: 63 }, text(""), { hex: "" }],
  ["json", { type: TYPE.JSON, collation: 63 }, text('{"a":1}'), '{"a":1}'],
  ["geometry", { type: TYPE.GEOMETRY, collation: 63 }, text(BYTES), { hex: "00ff10" }],
];

describe("a value of the binary protocol", () => {
  it.each(binaryCells)("of type %s %o from %o is %o", (type, column, cell, shown) => {
    const bytes = packets(...resultSet([{ name: "v", ...column }, { name: "n" }], [binaryRow([cell, null])], true));
    const { results, readable } = decoded(frame(bytes), "execute");
    expect(results).toMatchObject([{ columns: [{ name: "v", type }, {}], rows: [[shown, null]] }]);
    expect(readable).toBe(true);
  });
});

describe("a value of the text protocol", () => {
  it.each<[Omit<BuiltColumn, "name">, string | Buffer, ReplayValue]>([
    [{ type: TYPE.LONG, collation: 63 }, "-12", "-12"],
    [{ type: TYPE.LONG, collation: 63, flags: FLAG.ZEROFILL }, "0012", "0012"],
    [{ type: TYPE.DOUBLE, collation: 63 }, "1.5e300", "1.5e300"],
    [{ type: TYPE.NEWDECIMAL, collation: 63 }, "0.10", "0.10"],
    [{ type: TYPE.DATETIME, collation: 63, decimals: 6 }, "0000-00-00 00:00:00.000000", "0000-00-00 00:00:00.000000"],
    [{ type: TYPE.TIME, collation: 63 }, "-838:59:59", "-838:59:59"],
    [{ type: TYPE.YEAR, collation: 63 }, "1901", "1901"],
    [{ type: TYPE.BIT, collation: 63 }, Buffer.of(5), { hex: "05" }],
    [{ collation: 63 }, BYTES, { hex: "00ff10" }],
    [{ collation: 8 }, Buffer.of(0xe9), "é"],
    [{}, "é", "é"],
  ])("of %o from %o is %o", (column, cell, shown) => {
    expect(rowsOf(packets(...resultSet([{ name: "v", ...column }], [textRow([cell])], false)))).toEqual([[shown]]);
  });
});

describe("damaged bytes", () => {
  it("leave the results in front of them readable", () => {
    const first = resultSet(names("a"), [textRow(["1"])], true, STATUS.MORE_RESULTS);
    const { results, damaged } = decoded(frame(packets(...first, Buffer.from("garbage"))));
    expect(results).toMatchObject([{ kind: "rows", rows: [["1"]] }]);
    expect(damaged).toBe(true);
  });

  it("in a row are shown as bytes, and said", () => {
    const bytes = packets(...resultSet(names("a", "b"), [Buffer.from("0131ff", "hex")], true));
    const { results, readable } = decoded(frame(bytes));
    expect(results).toMatchObject([{ rows: [["1", { hex: "ff" }]] }]);
    expect(readable).toBe(false);
  });

  it("never make it fail, whatever they are", () => {
    const random = seededRandom(7);
    const columns = binaryCells.slice(0, 20).map(([name, column]) => ({ name, ...column }));
    const cells = binaryCells.slice(0, 20).map(([, , cell]) => cell);
    const good = packets(...resultSet(columns, [binaryRow(cells), binaryRow(cells)], false), ok());
    const commands: Command[] = ["query", "execute", "prepare", "field_list", "init_db"];
    let damaged = 0;
    for (let run = 0; run < 4000; run += 1) {
      const bytes = Buffer.from(good);
      for (let flips = 1 + Math.floor(random() * 6); flips > 0; flips -= 1) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      const cut = Math.floor(random() * bytes.length);
      const command = commands[run % commands.length] ?? "query";
      const frames =
        run % 3 === 0 ? [frame(bytes.subarray(0, cut))] : [frame(bytes.subarray(0, cut)), frame(bytes.subarray(cut))];
      const result = decoded(frames, command);
      if (result.damaged || !result.readable) damaged += 1;
    }
    expect(damaged).toBeGreaterThan(100);
  });
});
