import { createServer, type Socket } from "node:net";
import { writeColumnDefinition } from "@/proxy/protocol/column-definition";
import { CAPABILITY } from "@/proxy/protocol/constants";
import { writeEof } from "@/proxy/protocol/eof-packet";
import { writeFrame } from "@/proxy/protocol/frame";
import { writeHandshakeV10 } from "@/proxy/protocol/handshake-v10";
import { simpleOk } from "@/proxy/protocol/ok-packet";
import { lenencString } from "@/proxy/protocol/packet-writer";

export const UPSTREAM_CAPABILITIES: number =
  (CAPABILITY.LONG_PASSWORD |
    CAPABILITY.PROTOCOL_41 |
    CAPABILITY.SECURE_CONNECTION |
    CAPABILITY.PLUGIN_AUTH |
    CAPABILITY.PLUGIN_AUTH_LENENC |
    CAPABILITY.TRANSACTIONS |
    CAPABILITY.SESSION_TRACK |
    CAPABILITY.DEPRECATE_EOF) >>>
  0;

/** What the upstream sends at each turn, raw; null closes. Turn 0 is the connection itself. */
export type Script = (turn: number, received: Buffer, socket: Socket) => Buffer | null;

export interface ScriptedUpstream {
  readonly port: number;
  readonly received: Buffer[];
  close(): Promise<void>;
}

export function scriptedGreeting(
  capabilities: number = UPSTREAM_CAPABILITIES,
  authPlugin = "mysql_native_password",
): Buffer {
  return writeFrame(
    writeHandshakeV10({
      serverVersion: "9.9.9-scripted",
      threadId: 1,
      scramble: Buffer.alloc(20, 0x41),
      capabilities,
      collation: 45,
      status: 2,
      authPlugin,
    }),
    0,
  );
}

/** A script that logs anybody in, goes along with the gateway's settings, then answers every command with the same bytes. */
export function answering(bytes: Buffer | null): Script {
  return (turn, received) => {
    if (turn === 0) return scriptedGreeting();
    if (turn === 1) return writeFrame(simpleOk(2), 2);
    if (received.includes("@@SESSION.sql_mode AS sql_mode")) return SESSION_SETTINGS;
    return received.includes("SET SESSION sql_mode = ") ? writeFrame(simpleOk(2), 1) : bytes;
  };
}

const column = (name: string) =>
  writeColumnDefinition({
    schema: "",
    table: "",
    orgTable: "",
    name,
    orgName: "",
    collation: 45,
    length: 64,
    type: 0xfd,
    flags: 0,
    decimals: 0,
  });
const row = (cells: readonly string[]) => Buffer.concat(cells.map((cell) => lenencString(Buffer.from(cell))));

/** What the gateway asks for after its login: the state of a session with nothing special about it. */
export const SESSION_SETTINGS: Buffer = Buffer.concat(
  [
    Buffer.of(6),
    ...["sql_mode", "client", "connection", "collation", "results", "db"].map(column),
    writeEof({ warnings: 0, status: 2 }),
    row(["STRICT_TRANS_TABLES", "utf8mb4", "utf8mb4", "utf8mb4_general_ci", "utf8mb4", "shop"]),
    writeEof({ warnings: 0, status: 2 }),
  ].map((payload, at) => writeFrame(payload, at + 1)),
);

/** A server that does what a script says, right or wrong. */
export async function startScriptedUpstream(script: Script): Promise<ScriptedUpstream> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let turn = 0;
    const act = (bytes: Buffer) => {
      const answer = script(turn, bytes, socket);
      turn += 1;
      if (answer === null) {
        socket.destroy();
      } else {
        socket.write(answer);
      }
    };
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      received.push(bytes);
      act(bytes);
    });
    act(Buffer.alloc(0));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    received,
    close: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
