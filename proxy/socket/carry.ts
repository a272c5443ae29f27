const NOTHING = Buffer.alloc(0);
const SMALLEST = 512;

/** Bytes of an incomplete packet, kept until more arrive. Idle it holds no memory; it grows by doubling, so that dribbled bytes cost no quadratic copying. */
export class Carry {
  #bytes = NOTHING;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Copies `bytes[from, to)` behind what is there. */
  append(bytes: Buffer, from: number, to: number): void {
    const added = to - from;
    if (added <= 0) {
      return;
    }
    const needed = this.length + added;
    if (this.#end + added > this.#bytes.length) {
      const target = needed > this.#bytes.length ? Buffer.allocUnsafeSlow(Math.max(SMALLEST, needed * 2)) : this.#bytes;
      this.#bytes.copy(target, 0, this.#start, this.#end);
      this.#end = this.length;
      this.#start = 0;
      this.#bytes = target;
    }
    bytes.copy(this.#bytes, this.#end, from, to);
    this.#end += added;
  }

  /** Copies `bytes[from, to)` in place of what is there. */
  keep(bytes: Buffer, from: number, to: number): void {
    if (from >= to) {
      this.clear();
      return;
    }
    this.#start = 0;
    this.#end = 0;
    this.append(bytes, from, to);
  }

  /** What is there, as a view that is valid until the next append. */
  view(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Drops the first `count` bytes. */
  consume(count: number): void {
    this.#start += count;
    if (this.#start >= this.#end) {
      this.clear();
    }
  }

  clear(): void {
    this.#bytes = NOTHING;
    this.#start = 0;
    this.#end = 0;
  }
}
