/** Largest length that is one byte by itself (MySQL manual, "Protocol::LengthEncodedInteger"). */
const ONE_BYTE = 250;
const PREFIX = 9;
const UTF8_PER_UNIT = 3;

/** One growing buffer in which the values of a column are written, one after the other in the same place. */
export class Output {
  #bytes = Buffer.allocUnsafeSlow(256);

  #room(length: number): Buffer {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(length * 2);
    return this.#bytes;
  }

  /** `text` with its length-encoded prefix; valid until the next call. */
  string(text: string, encoding: "utf8" | "latin1"): Buffer {
    const most = encoding === "latin1" ? text.length : text.length * UTF8_PER_UNIT;
    const bytes = this.#room(most + PREFIX);
    if (most <= ONE_BYTE) {
      const length = bytes.write(text, 1, encoding);
      bytes[0] = length;
      return bytes.subarray(0, length + 1);
    }
    const length = Buffer.byteLength(text, encoding);
    const start = writeLength(bytes, length);
    bytes.write(text, start, encoding);
    return bytes.subarray(0, start + length);
  }

  /** `length` bytes to be filled by the caller; valid until the next call. */
  bytes(length: number): Buffer {
    return this.#room(length).subarray(0, length);
  }
}

/** Writes int<lenenc> at the start of `bytes`; gives how many bytes it took. */
function writeLength(bytes: Buffer, length: number): number {
  if (length <= ONE_BYTE) return bytes.writeUInt8(length, 0);
  if (length <= 0xffff) {
    bytes[0] = 0xfc;
    return bytes.writeUInt16LE(length, 1);
  }
  if (length <= 0xff_ffff) {
    bytes[0] = 0xfd;
    return bytes.writeUIntLE(length, 1, 3);
  }
  bytes[0] = 0xfe;
  return bytes.writeBigUInt64LE(BigInt(length), 1);
}
