import type { Output } from "./output";

/**
 * The values of one column on the wire, to and from their canonical text, which is the same for both protocols (and latin1, a character a
 * byte, for binary strings). Reading gives null for what is not a value of the type.
 */
export interface Codec {
  /** From the text protocol, without its length. */
  readText(bytes: Buffer, from: number, to: number): string | null;
  /** From the binary protocol: without the length of strings, with the length byte of dates and times. */
  readBinary(bytes: Buffer, from: number, to: number): string | null;
  /** As it stands in a row of the text protocol, its length included. */
  writeText(text: string, out: Output): Buffer;
  /** As it stands in a row of the binary protocol. */
  writeBinary(text: string, out: Output): Buffer;
}
