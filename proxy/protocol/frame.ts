import { MAX_PAYLOAD } from "./constants";
import { MalformedPacket } from "./malformed";

/** Packets (MySQL manual, "Protocol Basics"): int<3> payload length, int<1> sequence id, payload. */
export const FRAME_HEADER = 4;

/** Payload length at `at`; the caller has made sure that three bytes are there. */
export function payloadLength(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}

/** One payload as packets, split at 16 MiB - 1 as the protocol demands; an exact multiple ends with an empty packet. */
export function writeFrame(payload: Uint8Array, sequence: number): Buffer {
  if (payload.length < MAX_PAYLOAD) {
    const out = Buffer.allocUnsafe(FRAME_HEADER + payload.length);
    out.writeUIntLE(payload.length, 0, 3);
    out[3] = sequence & 0xff;
    out.set(payload, FRAME_HEADER);
    return out;
  }
  const parts: Buffer[] = [];
  let at = 0;
  let next = sequence;
  for (;;) {
    const size = Math.min(MAX_PAYLOAD, payload.length - at);
    const header = Buffer.alloc(FRAME_HEADER);
    header.writeUIntLE(size, 0, 3);
    header[3] = next & 0xff;
    parts.push(header, Buffer.from(payload.buffer, payload.byteOffset + at, size));
    at += size;
    next += 1;
    if (size < MAX_PAYLOAD) {
      return Buffer.concat(parts);
    }
  }
}

export interface Frame {
  readonly payload: Buffer;
  /** Of the first packet. */
  readonly sequence: number;
  /** Offset behind the frame. */
  readonly end: number;
}

/**
 * The packet at `at`, or null when it is not complete yet. For login phases and tests: packets of 16 MiB - 1 and anything
 * above `maxPayload` are MalformedPacket, before the body is awaited.
 */
export function readFrame(bytes: Buffer, at: number, maxPayload: number): Frame | null {
  if (bytes.length - at < FRAME_HEADER) {
    return null;
  }
  const length = payloadLength(bytes, at);
  if (length > maxPayload || length === MAX_PAYLOAD) {
    throw new MalformedPacket(`a packet of ${length} bytes where at most ${maxPayload} are taken`);
  }
  const end = at + FRAME_HEADER + length;
  if (bytes.length < end) {
    return null;
  }
  return { payload: bytes.subarray(at + FRAME_HEADER, end), sequence: bytes[at + 3] ?? 0, end };
}
