import { createServer, type Socket } from "node:net";
import { CAPABILITY } from "@/proxy/protocol/constants";
import { writeFrame } from "@/proxy/protocol/frame";
import { writeHandshakeV10 } from "@/proxy/protocol/handshake-v10";
import { simpleOk } from "@/proxy/protocol/ok-packet";

export const UPSTREAM_CAPABILITIES: number =
  (CAPABILITY.LONG_PASSWORD |
    CAPABILITY.PROTOCOL_41 |
    CAPABILITY.SECURE_CONNECTION |
    CAPABILITY.PLUGIN_AUTH |
    CAPABILITY.PLUGIN_AUTH_LENENC |
    CAPABILITY.TRANSACTIONS |
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

/** A script that logs anybody in, then answers every command with the same bytes. */
export function answering(bytes: Buffer | null): Script {
  return (turn) => (turn === 0 ? scriptedGreeting() : turn === 1 ? writeFrame(simpleOk(2), 2) : bytes);
}

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
