import { randomBytes } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { writeColumnDefinition } from "@/proxy/protocol/column-definition";
import { AUTH_PLUGIN, CAPABILITY, COMMAND, HEADER, STATUS, UTF8MB4_GENERAL_CI } from "@/proxy/protocol/constants";
import { writeEof } from "@/proxy/protocol/eof-packet";
import { FRAME_HEADER, payloadLength, writeFrame } from "@/proxy/protocol/frame";
import { readHandshakeResponse } from "@/proxy/protocol/handshake-response";
import { writeHandshakeV10 } from "@/proxy/protocol/handshake-v10";
import { writeOk } from "@/proxy/protocol/ok-packet";
import { lenencString } from "@/proxy/protocol/packet-writer";
import { catalogueAnswer } from "./catalogue-answers";
import { SCAN_ROWS } from "./protocol";

/**
 * A MySQL server that takes any login and answers from memory, so that whatever stands before it is the bottleneck. Any SELECT gives
 * one row of three columns, a SELECT of `big` SCAN_ROWS rows of ten; everything else is OK. Prints its port.
 */
const CAPABILITIES =
  CAPABILITY.LONG_PASSWORD |
  CAPABILITY.FOUND_ROWS |
  CAPABILITY.LONG_FLAG |
  CAPABILITY.CONNECT_WITH_DB |
  CAPABILITY.PROTOCOL_41 |
  CAPABILITY.TRANSACTIONS |
  CAPABILITY.SECURE_CONNECTION |
  CAPABILITY.MULTI_RESULTS |
  CAPABILITY.PLUGIN_AUTH |
  CAPABILITY.SESSION_TRACK |
  CAPABILITY.DEPRECATE_EOF;
const VAR_STRING = 0xfd;
const NULL_CELL = 0xfb;

interface Answers {
  readonly point: Buffer;
  readonly scan: Buffer;
  readonly prepared: Buffer;
  readonly executed: Buffer;
  readonly ok: Buffer;
  /** What a gateway asks on its own account; null for everything else. */
  readonly own: (sql: string) => Buffer | null;
}

function column(table: string, name: string): Buffer {
  return writeColumnDefinition({
    schema: "bench",
    table,
    orgTable: table,
    name,
    orgName: name,
    collation: UTF8MB4_GENERAL_CI,
    length: 255,
    type: VAR_STRING,
    flags: 0,
    decimals: 0,
  });
}

function frames(payloads: readonly Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, at) => writeFrame(payload, (at + 1) & 0xff)));
}

function answersFor(capabilities: number): Answers {
  const deprecated = (capabilities & CAPABILITY.DEPRECATE_EOF) !== 0;
  const end = deprecated ? okPacket(HEADER.EOF) : eof();
  const between = deprecated ? [] : [eof()];
  const result = (table: string, columns: number, rows: readonly Buffer[]) => {
    const names = Array.from({ length: columns }, (_, at) => column(table, `c${at}`));
    return frames([Buffer.of(columns), ...names, ...between, ...rows, end]);
  };
  const cell = (text: string) => lenencString(Buffer.from(text));
  const point = Buffer.concat([cell("42"), cell("Fountain pen"), cell("12.50")]);
  const binary = Buffer.concat([Buffer.of(0, 0), point]);
  const row = (at: number) => Buffer.concat(Array.from({ length: 10 }, (_, c) => cell(`value ${c} of ${at}`)));
  const prepareOk = Buffer.from([0, 1, 0, 0, 0, 3, 0, 1, 0, 0, 0, 0]);
  const parameters = [column("", "?"), ...between];
  return {
    point: result("products", 3, [point]),
    scan: result(
      "big",
      10,
      Array.from({ length: SCAN_ROWS }, (_, at) => row(at)),
    ),
    prepared: frames([
      prepareOk,
      ...parameters,
      column("products", "a"),
      column("products", "b"),
      column("products", "c"),
      ...between,
    ]),
    executed: result("products", 3, [binary]),
    ok: writeFrame(okPacket(HEADER.OK), 1),
    own: (sql) => {
      const answer = catalogueAnswer(sql);
      if (answer === null) return null;
      const names = answer.columns.map((name) => column("", name));
      const rows = answer.rows.map((row) =>
        Buffer.concat(row.map((value) => (value === null ? Buffer.of(NULL_CELL) : cell(value)))),
      );
      return frames([Buffer.of(answer.columns.length), ...names, ...between, ...rows, end]);
    },
  };
}

function okPacket(header: typeof HEADER.OK | typeof HEADER.EOF): Buffer {
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
const known = new Map<number, Answers>();

function answers(capabilities: number): Answers {
  const key = capabilities & CAPABILITY.DEPRECATE_EOF;
  const made = known.get(key) ?? answersFor(key);
  known.set(key, made);
  return made;
}

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  let pending: Buffer = Buffer.alloc(0);
  let given: Answers | null = null;
  socket.on("data", (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= FRAME_HEADER) {
      const length = payloadLength(pending, 0);
      if (pending.length < FRAME_HEADER + length) return;
      const payload = pending.subarray(FRAME_HEADER, FRAME_HEADER + length);
      pending = pending.subarray(FRAME_HEADER + length);
      if (given === null) {
        given = answers(readHandshakeResponse(payload, CAPABILITIES).capabilities);
        socket.write(writeFrame(okPacket(HEADER.OK), 2));
      } else {
        respond(socket, given, payload);
      }
    }
  });
  socket.write(
    writeFrame(
      writeHandshakeV10({
        serverVersion: "8.4.0-bench",
        threadId: 1,
        scramble: randomBytes(20),
        capabilities: CAPABILITIES,
        collation: UTF8MB4_GENERAL_CI,
        status: STATUS.AUTOCOMMIT,
        authPlugin: AUTH_PLUGIN.NATIVE,
      }),
      0,
    ),
  );
}

function respond(socket: Socket, given: Answers, payload: Buffer): void {
  switch (payload[0]) {
    case COMMAND.QUIT:
      socket.end();
      break;
    case COMMAND.QUERY:
      socket.write(answerTo(given, payload));
      break;
    case COMMAND.STMT_PREPARE:
      socket.write(given.prepared);
      break;
    case COMMAND.STMT_EXECUTE:
      socket.write(given.executed);
      break;
    case COMMAND.STMT_CLOSE:
      break;
    default:
      socket.write(given.ok);
  }
}

function answerTo(given: Answers, payload: Buffer): Buffer {
  if (payload.toString("latin1", 1, 10) === "SELECT id") return given.point;
  const sql = payload.toString("utf8", 1);
  if (!/^SELECT\b/i.test(sql)) return given.ok;
  return given.own(sql) ?? (sql.includes(" big") ? given.scan : given.point);
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? (address?.port ?? 0) : 0 });
});
process.on("disconnect", () => process.exit(0));
