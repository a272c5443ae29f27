import { randomBytes } from "node:crypto";
import { createServer, type Socket } from "node:net";
import { AUTH_PLUGIN, CAPABILITY, COMMAND, HEADER, STATUS, UTF8MB4_GENERAL_CI } from "@/proxy/protocol/constants";
import { FRAME_HEADER, payloadLength, writeFrame } from "@/proxy/protocol/frame";
import { readHandshakeResponse } from "@/proxy/protocol/handshake-response";
import { writeHandshakeV10 } from "@/proxy/protocol/handshake-v10";
import { type Answers, answersFor, okPacket } from "./answers";
import { TABLES, type Table, tableOf } from "./tables";

/**
 * A MySQL server that takes any login and answers from memory, so that whatever stands before it is the bottleneck: a SELECT gives all
 * rows that its table has, by the text or the binary protocol; everything else is OK. Tells its parent its port.
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

/** A prepared statement's id is its table's place here, from 1. */
const PREPARABLE = Object.keys(TABLES) as readonly Table[];
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
      socket.write(prepare(given, payload.toString("utf8", 1)));
      break;
    case COMMAND.STMT_EXECUTE:
      socket.write(given.rows(PREPARABLE[payload.readUInt32LE(1) - 1] ?? "products", true));
      break;
    case COMMAND.STMT_CLOSE:
      break;
    default:
      socket.write(given.ok);
  }
}

function prepare(given: Answers, sql: string): Buffer {
  const table = tableOf(sql) ?? "products";
  return given.prepared(table, PREPARABLE.indexOf(table) + 1, sql.includes("?") ? 1 : 0);
}

function answerTo(given: Answers, payload: Buffer): Buffer {
  // The short way for what is measured most.
  if (payload.toString("latin1", 1, 10) === "SELECT id") return given.rows("products", false);
  const sql = payload.toString("utf8", 1);
  if (!/^SELECT\b/i.test(sql)) return given.ok;
  const own = given.own(sql);
  if (own !== null) return own;
  const table = tableOf(sql);
  return table === null ? given.ok : given.rows(table, false);
}

const server = createServer(serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" ? (address?.port ?? 0) : 0 });
});
process.on("disconnect", () => process.exit(0));
