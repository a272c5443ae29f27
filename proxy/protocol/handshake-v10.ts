import { CAPABILITY } from "./constants";
import { MalformedPacket } from "./malformed";
import { PacketReader } from "./packet-reader";
import { nulString, u16, u32 } from "./packet-writer";

/** What the server says first (MySQL manual, Protocol::HandshakeV10). */
export interface HandshakeV10 {
  readonly serverVersion: string;
  readonly threadId: number;
  /** 20 bytes (8 from servers before 4.1). */
  readonly scramble: Buffer;
  readonly capabilities: number;
  readonly collation: number;
  readonly status: number;
  readonly authPlugin: string | null;
}

export function writeHandshakeV10(greeting: HandshakeV10): Buffer {
  return Buffer.concat([
    Buffer.of(10),
    nulString(greeting.serverVersion),
    u32(greeting.threadId),
    greeting.scramble.subarray(0, 8),
    Buffer.of(0),
    u16(greeting.capabilities & 0xffff),
    Buffer.of(greeting.collation),
    u16(greeting.status),
    u16(greeting.capabilities >>> 16),
    Buffer.of(greeting.scramble.length + 1),
    Buffer.alloc(10),
    greeting.scramble.subarray(8),
    Buffer.of(0),
    nulString(greeting.authPlugin ?? ""),
  ]);
}

/** Throws MalformedPacket for other protocol versions and for bytes that end too early. */
export function readHandshakeV10(payload: Buffer): HandshakeV10 {
  const reader = new PacketReader(payload, "HandshakeV10");
  const version = reader.u8("protocol version");
  if (version !== 10) {
    throw new MalformedPacket(`HandshakeV10: protocol version ${version}`);
  }
  const serverVersion = reader.nulBytes("server version").toString("latin1");
  const threadId = reader.u32("thread id");
  const first = reader.bytes(8, "scramble");
  reader.skip(1, "filler");
  let capabilities = reader.u16("capabilities");
  if (reader.left === 0) {
    return {
      serverVersion,
      threadId,
      scramble: Buffer.from(first),
      capabilities,
      collation: 0,
      status: 0,
      authPlugin: null,
    };
  }
  const collation = reader.u8("collation");
  const status = reader.u16("status");
  capabilities = (capabilities | (reader.u16("capabilities") << 16)) >>> 0;
  const scrambleLength = reader.u8("scramble length");
  reader.skip(10, "reserved");
  let second: Buffer = Buffer.alloc(0);
  if ((capabilities & CAPABILITY.SECURE_CONNECTION) !== 0 || (capabilities & CAPABILITY.PLUGIN_AUTH) !== 0) {
    second = reader.bytes(Math.max(13, scrambleLength - 8), "scramble");
  }
  // The last byte is a NUL that belongs to no scramble.
  const scramble = Buffer.concat([first, second.subarray(0, 12)]);
  const authPlugin = (capabilities & CAPABILITY.PLUGIN_AUTH) === 0 ? null : reader.nulOrRest().toString("latin1");
  return { serverVersion, threadId, scramble, capabilities, collation, status, authPlugin };
}
