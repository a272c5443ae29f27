import { FRAME_HEADER, payloadLength } from "./frame";

/** Compressed framing: int<3> length, int<1> sequence, int<3> length before compression (0: not compressed), payload. */
const COMPRESSED_HEADER = 7;

/**
 * Whether a client's first command is in compressed framing although that was not negotiated. Call it only for clients that set
 * CLIENT_COMPRESS: PHP's mysqlnd compresses whenever it set the flag, whatever the server offered.
 */
export function looksCompressed(bytes: Uint8Array, at: number): boolean {
  if (bytes.length - at < COMPRESSED_HEADER + FRAME_HEADER) {
    return false;
  }
  const length = payloadLength(bytes, at);
  const before = payloadLength(bytes, at + FRAME_HEADER);
  if (before === 0) {
    return payloadLength(bytes, at + COMPRESSED_HEADER) + FRAME_HEADER === length && bytes[at + 10] === 0;
  }
  // zlib's header for deflate.
  return before > length && bytes[at + COMPRESSED_HEADER] === 0x78;
}

/** Packets as an uncompressed payload of the compressed framing. */
export function inCompressedFrame(packets: Buffer, sequence: number): Buffer {
  const header = Buffer.alloc(COMPRESSED_HEADER);
  header.writeUIntLE(packets.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, packets]);
}
