import { isUtf8 } from "node:buffer";
import type { Codec } from "./codec";

/** What decoders put in place of bytes that are not UTF-8; it is also an ordinary character. */
const REPLACEMENT = "\ufffd";

function readUtf8(bytes: Buffer, from: number, to: number): string | null {
  const text = bytes.toString("utf8", from, to);
  return text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(from, to)) ? null : text;
}

/** Text in UTF-8, which both protocols write alike. */
export const utf8Codec: Codec = {
  readText: readUtf8,
  readBinary: readUtf8,
  writeText: (text, out) => out.string(text, "utf8"),
  writeBinary: (text, out) => out.string(text, "utf8"),
};

/** Bytes that are not text: a character for each of them. */
export const binaryCodec: Codec = {
  readText: (bytes, from, to) => bytes.toString("latin1", from, to),
  readBinary: (bytes, from, to) => bytes.toString("latin1", from, to),
  writeText: (text, out) => out.string(text, "latin1"),
  writeBinary: (text, out) => out.string(text, "latin1"),
};

/** Values that are never read; only ASCII is written in their place. */
export const unreadCodec: Codec = { ...binaryCodec, readText: () => null, readBinary: () => null };
