import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { Wire } from "./wire";

const CHUNK = 64 * 1024;
const CHUNKS = 200;
const HANDLER = { onBytes: () => undefined, onDrain: () => undefined, onGone: () => undefined };

async function pair(): Promise<{ readonly sender: Socket; readonly reader: Socket; close(): void }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const reader = connect(address.port, "127.0.0.1");
  const [sender] = await accepted;
  return { sender, reader, close: () => void [sender.destroy(), reader.destroy(), server.close()] };
}

describe("borrowed bytes on a plain wire", () => {
  it("arrive as they were in the call, from two wires in turn, also where the readers come late", async () => {
    const pairs = [await pair(), await pair()];
    const wires = pairs.map(({ sender }) => new Wire(sender, HANDLER, false));
    const borrowed = Buffer.alloc(CHUNK);
    for (let at = 0; at < CHUNKS; at += 1) {
      wires.forEach((wire, which) => {
        borrowed.fill((at * 2 + which) & 0xff);
        wire.write(borrowed.subarray(0, CHUNK - at), true);
        borrowed.fill(0xee);
      });
    }
    for (const [which, { sender, reader }] of pairs.entries()) {
      sender.end();
      const parts: Buffer[] = [];
      for await (const part of reader) parts.push(part as Buffer);
      const expected = Array.from({ length: CHUNKS }, (_, at) => Buffer.alloc(CHUNK - at, (at * 2 + which) & 0xff));
      expect(Buffer.concat(parts).equals(Buffer.concat(expected))).toBe(true);
    }
    for (const { close } of pairs) close();
  });
});
