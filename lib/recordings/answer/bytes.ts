/** Recorded bytes are not what the protocol allows at this place. */
export class UnreadableBytes extends Error {}

const EMPTY: Buffer = Buffer.alloc(0);

/** Reads the fields of recorded bytes in order; every read past the end throws UnreadableBytes, nothing is allocated by a claimed length. */
export class BytesReader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  /** Where `count` bytes begin; the next field is behind them. */
  skip(count: number): number {
    if (count > this.left) throw new UnreadableBytes("a field reaches past the end");
    const start = this.at;
    this.at += count;
    return start;
  }

  u8(): number {
    return this.bytes.readUInt8(this.skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  /** int<lenenc> in full. */
  lenencBig(): bigint {
    const first = this.u8();
    switch (first) {
      case 0xfb:
      case 0xff:
        throw new UnreadableBytes("no length where one is due");
      case 0xfc:
        return BigInt(this.u16());
      case 0xfd:
        return BigInt(this.bytes.readUIntLE(this.skip(3), 3));
      case 0xfe:
        return this.bytes.readBigUInt64LE(this.skip(8));
      default:
        return BigInt(first);
    }
  }

  /** int<lenenc>; beyond 2^53 the nearest double. */
  lenenc(): number {
    const first = this.bytes[this.at] ?? 0xff;
    if (first < 0xfb) {
      this.skip(1);
      return first;
    }
    return Number(this.lenencBig());
  }

  /** A view. */
  take(count: number): Buffer {
    const start = this.skip(count);
    return count === 0 ? EMPTY : this.bytes.subarray(start, start + count);
  }

  /** string<lenenc>, as a view. */
  lenencBytes(): Buffer {
    return this.take(this.lenenc());
  }

  rest(): Buffer {
    return this.take(this.left);
  }
}
