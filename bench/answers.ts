import { writeColumnDefinition } from "@/proxy/protocol/column-definition";
import { CAPABILITY, HEADER, STATUS, UTF8MB4_GENERAL_CI } from "@/proxy/protocol/constants";
import { writeEof } from "@/proxy/protocol/eof-packet";
import { writeFrame } from "@/proxy/protocol/frame";
import { writeOk } from "@/proxy/protocol/ok-packet";
import { lenencString } from "@/proxy/protocol/packet-writer";
import { catalogueAnswer } from "./catalogue-answers";
import { HUGE_ROWS, SCAN_ROWS, SCHEMA, TABLES, type Table } from "./tables";

const VAR_STRING = 0xfd;
const NULL_CELL = 0xfb;
const BINARY_ROW = 0;
const POINT: readonly string[] = ["42", "Fountain pen", "12.50"];

/** Answers as bytes, made once: whatever stands before the upstream is the bottleneck. */
export interface Answers {
  readonly ok: Buffer;
  /** All rows of a table, of the text or the binary protocol. */
  readonly rows: (table: Table, binary: boolean) => Buffer;
  readonly prepared: (table: Table, statementId: number, parameters: number) => Buffer;
  /** What a gateway asks on its own account; null for everything else. */
  readonly own: (sql: string) => Buffer | null;
}

function column(table: string, name: string): Buffer {
  return writeColumnDefinition({
    schema: SCHEMA,
    table,
    orgTable: table,
    name,
    orgName: name,
    collation: UTF8MB4_GENERAL_CI,
    length: 320,
    type: VAR_STRING,
    flags: 0,
    decimals: 0,
  });
}

function frames(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, at) => writeFrame(payload, (at + 1) & 0xff)));
}

/** An OK packet, or one that ends rows. */
export function okPacket(header: typeof HEADER.OK | typeof HEADER.EOF): Buffer {
  const nothing = Buffer.alloc(0);
  return writeOk(
    {
      header,
      affectedRows: 0,
      lastInsertId: 0,
      status: STATUS.AUTOCOMMIT,
      warnings: 0,
      info: nothing,
      stateChanges: nothing,
    },
    CAPABILITY.PROTOCOL_41,
  );
}

const eof = () => writeEof({ warnings: 0, status: STATUS.AUTOCOMMIT });
const cells = (values: readonly string[]) => Buffer.concat(values.map((value) => lenencString(Buffer.from(value))));

function valuesOf(table: Table): readonly (readonly string[])[] {
  if (table === "products" || table === "people") return [POINT];
  const count = table === "big" ? SCAN_ROWS : HUGE_ROWS;
  return Array.from({ length: count }, (_, at) => TABLES[table].map((_name, c) => `value ${c} of ${at % SCAN_ROWS}`));
}

/** The answers for clients with these capabilities. */
export function answersFor(capabilities: number): Answers {
  const deprecated = (capabilities & CAPABILITY.DEPRECATE_EOF) !== 0;
  const end = deprecated ? okPacket(HEADER.EOF) : eof();
  const between = deprecated ? [] : [eof()];
  const definitions = (table: Table) => TABLES[table].map((name) => column(table, name));
  const known = new Map<string, Buffer>();
  return {
    ok: writeFrame(okPacket(HEADER.OK), 1),
    rows: (table, binary) => {
      const key = `${table} ${binary}`;
      const nulls = Buffer.alloc(1 + ((TABLES[table].length + 9) >> 3), BINARY_ROW);
      const row = (values: readonly string[]) => (binary ? Buffer.concat([nulls, cells(values)]) : cells(values));
      const made =
        known.get(key) ??
        frames([Buffer.of(TABLES[table].length), ...definitions(table), ...between, ...valuesOf(table).map(row), end]);
      known.set(key, made);
      return made;
    },
    prepared: (table, statementId, parameters) => {
      const head = Buffer.alloc(12);
      head.writeUInt32LE(statementId, 1);
      head.writeUInt16LE(TABLES[table].length, 5);
      head.writeUInt16LE(parameters, 7);
      const marks = Array.from({ length: parameters }, () => column("", "?"));
      return frames([head, ...(parameters === 0 ? [] : [...marks, ...between]), ...definitions(table), ...between]);
    },
    own: (sql) => {
      const answer = catalogueAnswer(sql);
      if (answer === null) return null;
      const names = answer.columns.map((name) => column("", name));
      const rows = answer.rows.map((row) =>
        Buffer.concat(row.map((value) => (value === null ? Buffer.of(NULL_CELL) : cells([value])))),
      );
      return frames([Buffer.of(answer.columns.length), ...names, ...between, ...rows, end]);
    },
  };
}
