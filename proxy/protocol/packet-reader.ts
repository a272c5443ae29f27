import { isUtf8 } from "node:buffer";
import { MalformedPacket } from "./malformed";

const EMPTY = Buffer.alloc(0);

/** Reads the fields of one payload in order. Every read past the end throws MalformedPacket; nothing is allocated by a claimed length. */
export class PacketReader {
  readonly #bytes: Buffer;
  readonly #packet: string;
  #at = 0;

  /** `packet` is the name for error messages. */
  constructor(bytes: Buffer, packet: string) {
    this.#bytes = bytes;
    this.#packet = packet;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  #take(count: number, field: string): number {
    if (count > this.left) {
      throw new MalformedPacket(`${this.#packet}: ${field} reaches past the end`);
    }
    const start = this.#at;
    this.#at += count;
    return start;
  }

  u8(field: string): number {
    return this.#bytes.readUInt8(this.#take(1, field));
  }

  u16(field: string): number {
    return this.#bytes.readUInt16LE(this.#take(2, field));
  }

  u24(field: string): number {
    return this.#bytes.readUIntLE(this.#take(3, field), 3);
  }

  u32(field: string): number {
    return this.#bytes.readUInt32LE(this.#take(4, field));
  }

  /** int<lenenc>; beyond 2^53 the nearest double. The NULL marker 0xfb and 0xff are malformed. */
  lenenc(field: string): number {
    const first = this.u8(field);
    switch (first) {
      case 0xfb:
      case 0xff:
        throw new MalformedPacket(`${this.#packet}: ${field} is not a length`);
      case 0xfc:
        return this.u16(field);
      case 0xfd:
        return this.u24(field);
      case 0xfe: {
        const low = this.u32(field);
        return this.u32(field) * 0x1_0000_0000 + low;
      }
      default:
        return first;
    }
  }

  /** A view, not a copy. */
  bytes(count: number, field: string): Buffer {
    const start = this.#take(count, field);
    return count === 0 ? EMPTY : this.#bytes.subarray(start, start + count);
  }

  /** string<lenenc>, as a view. */
  lenencBytes(field: string): Buffer {
    return this.bytes(this.lenenc(field), field);
  }

  /** string<lenenc>, as text where it is UTF-8, else as a view: most are short, and a view of each costs more than its text. */
  lenencText(field: string): string | Buffer {
    const length = this.lenenc(field);
    const start = this.#take(length, field);
    const text = this.#bytes.toString("utf8", start, start + length);
    if (!text.includes("\ufffd")) return text;
    const bytes = this.#bytes.subarray(start, start + length);
    return isUtf8(bytes) ? text : bytes;
  }

  /** string<NUL>, as a view without the NUL. */
  nulBytes(field: string): Buffer {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) {
      throw new MalformedPacket(`${this.#packet}: ${field} has no terminating NUL`);
    }
    const view = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    return view;
  }

  /** string<NUL>, or what is left where the peer forgot the NUL. */
  nulOrRest(): Buffer {
    const end = this.#bytes.indexOf(0, this.#at);
    return end < 0 ? this.rest() : this.nulBytes("string");
  }

  /** string<EOF>, as a view. */
  rest(): Buffer {
    return this.bytes(this.left, "rest");
  }

  skip(count: number, field: string): void {
    this.#take(count, field);
  }
}
