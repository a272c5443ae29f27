import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { type Frame, readFrame } from "./frame";

/** How a chunk is compressed: zstd where this Node has it (22.15), else brotli. */
export const CHUNK_CODECS = ["zstd", "brotli"] as const;
export type ChunkCodec = (typeof CHUNK_CODECS)[number];

/** Most bytes of frames in one chunk, before compression. */
export const CHUNK_RAW_BYTES: number = 1024 * 1024;
/** What a chunk may grow to when it is read: one frame may be longer than the chunk is meant to be. */
const MAX_RAW_BYTES = 32 * 1024 * 1024;
const BROTLI_QUALITY = 4;

/** Of newer Nodes; the types are those of the oldest that is supported. */
interface Zstd {
  readonly zstdCompress?: (bytes: Buffer, callback: (error: Error | null, result: Buffer) => void) => void;
  readonly zstdDecompress?: (
    bytes: Buffer,
    options: { readonly maxOutputLength: number },
    callback: (error: Error | null, result: Buffer) => void,
  ) => void;
}
const { zstdCompress, zstdDecompress } = zlib as Zstd;
const brotliCompress = promisify(zlib.brotliCompress);
const brotliDecompress = promisify(zlib.brotliDecompress);

/** Compresses a run of frames, off the main thread. */
export async function packChunk(raw: Buffer): Promise<{ readonly codec: ChunkCodec; readonly data: Buffer }> {
  if (zstdCompress !== undefined) return { codec: "zstd", data: await promisify(zstdCompress)(raw) };
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  return { codec: "brotli", data: await brotliCompress(raw, { params }) };
}

/** What `packChunk` was given. Rejects when this Node lacks the codec, and for bytes that are not of it. */
export async function unpackChunk(codec: ChunkCodec, data: Buffer): Promise<Buffer> {
  const options = { maxOutputLength: MAX_RAW_BYTES };
  if (codec === "brotli") return brotliDecompress(data, options);
  if (zstdDecompress === undefined) throw new Error("this chunk is compressed with zstd: Node 22.15 or newer reads it");
  return promisify(zstdDecompress)(data, options);
}

const LENGTH_BYTES = 4;

/** Frames one behind the other, each behind its length (u32, little-endian): a chunk before compression. */
export function joinFrames(frames: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  for (const frame of frames) {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32LE(frame.length, 0);
    parts.push(length, frame);
  }
  return Buffer.concat(parts);
}

/** The frames of a chunk, as views on it; null when it is damaged. */
export function splitFrames(raw: Buffer): Frame[] | null {
  const frames: Frame[] = [];
  let at = 0;
  while (at < raw.length) {
    if (raw.length - at < LENGTH_BYTES) return null;
    const end = at + LENGTH_BYTES + raw.readUInt32LE(at);
    if (end > raw.length) return null;
    const frame = readFrame(raw.subarray(at + LENGTH_BYTES, end));
    if (frame === null) return null;
    frames.push(frame);
    at = end;
  }
  return frames;
}
