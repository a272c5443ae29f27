import { isAscii } from "node:buffer";

/** The statement's bytes as text: slices of an ASCII statement are slices of one string. */
export class Source {
  readonly bytes: Buffer;
  private readonly ascii: string | null;

  /** The bytes must be valid UTF-8. */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.ascii = isAscii(bytes) ? bytes.toString("latin1") : null;
  }

  /** The whole statement. */
  get all(): string {
    return this.slice(0, this.bytes.length);
  }

  /** Text between two byte offsets that lie on character boundaries. */
  slice(start: number, end: number): string {
    return this.ascii === null ? this.bytes.toString("utf8", start, end) : this.ascii.slice(start, end);
  }
}
