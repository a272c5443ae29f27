import { CAPABILITY } from "./constants";
import { PacketReader } from "./packet-reader";
import { u32 } from "./packet-writer";

/** The first 32 bytes of a handshake response, sent before TLS starts (MySQL manual, Protocol::SSLRequest). */
export interface SslRequest {
  readonly capabilities: number;
  readonly maxPacket: number;
  readonly collation: number;
}

const LENGTH = 32;

/** Whether this payload asks for TLS: exactly an SSLRequest with the SSL bit. */
export function isSslRequest(payload: Buffer): boolean {
  return payload.length === LENGTH && (payload.readUInt32LE(0) & CAPABILITY.SSL) !== 0;
}

export function writeSslRequest(request: SslRequest): Buffer {
  return Buffer.concat([
    u32(request.capabilities),
    u32(request.maxPacket),
    Buffer.of(request.collation),
    Buffer.alloc(23),
  ]);
}

export function readSslRequest(payload: Buffer): SslRequest {
  const reader = new PacketReader(payload, "SSLRequest");
  const capabilities = reader.u32("capabilities");
  const maxPacket = reader.u32("max packet size");
  const collation = reader.u8("collation");
  reader.skip(23, "reserved");
  return { capabilities, maxPacket, collation };
}
