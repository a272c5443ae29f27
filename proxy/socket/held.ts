/** What a turn does to a wire once its records are safe, or cannot be made so. */
export interface HeldWire {
  /** Sends bytes that were held. Returns whether they are still in use after the call. */
  release(bytes: Buffer): boolean;
  releaseEnd(): void;
  releaseDestroy(): void;
  /** What was held for it never goes out: the wire ends. */
  lose(): void;
}

const ARENA_BYTES = 256 * 1024;

interface HeldBytes {
  readonly kind: "bytes";
  readonly wire: HeldWire;
  readonly bytes: Buffer;
  readonly from: number;
  to: number;
}
type HeldStep =
  | HeldBytes
  | { readonly kind: "end"; readonly wire: HeldWire }
  | { readonly kind: "destroy"; readonly wire: HeldWire }
  | { readonly kind: "tell"; readonly tell: (safe: boolean) => void };

/** What wires were given in one turn, in order. Borrowed bytes are copied into arenas; the first of them is used again. */
export class Held {
  #steps: HeldStep[] = [];
  #arena: Buffer | null = null;
  #used = 0;
  #last: HeldBytes | null = null;
  /** Bytes in it. */
  length = 0;

  /** `lent` bytes are the caller's again after the call. */
  add(wire: HeldWire, bytes: Buffer, lent: boolean): void {
    this.length += bytes.length;
    if (!lent) {
      this.#push(wire, bytes, 0, bytes.length);
      return;
    }
    let arena = this.#arena;
    if (arena === null || this.#used + bytes.length > arena.length) {
      arena = Buffer.allocUnsafeSlow(Math.max(ARENA_BYTES, bytes.length));
      this.#arena = arena;
      this.#used = 0;
    }
    const from = this.#used;
    bytes.copy(arena, from);
    this.#used = from + bytes.length;
    const last = this.#last;
    if (last !== null && last.wire === wire && last.bytes === arena && last.to === from) {
      last.to = this.#used;
      return;
    }
    this.#push(wire, arena, from, this.#used);
  }

  addEnd(wire: HeldWire): void {
    this.#last = null;
    this.#steps.push({ kind: "end", wire });
  }

  addDestroy(wire: HeldWire): void {
    this.#last = null;
    this.#steps.push({ kind: "destroy", wire });
  }

  /** `tell` hears whether the turn's records are safe. */
  addTell(tell: (safe: boolean) => void): void {
    this.#last = null;
    this.#steps.push({ kind: "tell", tell });
  }

  /** Lets everything out, in order, and is empty afterwards. */
  release(): void {
    let inUse = false;
    for (const step of this.#takeSteps()) {
      switch (step.kind) {
        case "bytes": {
          const whole = step.from === 0 && step.to === step.bytes.length;
          const used = step.wire.release(whole ? step.bytes : step.bytes.subarray(step.from, step.to));
          inUse = inUse || used;
          break;
        }
        case "end":
          step.wire.releaseEnd();
          break;
        case "destroy":
          step.wire.releaseDestroy();
          break;
        case "tell":
          step.tell(true);
          break;
        default:
          step satisfies never;
      }
    }
    if (inUse || (this.#arena !== null && this.#arena.length > ARENA_BYTES)) this.#arena = null;
  }

  /** Ends the wires that something is held for; nothing of it goes out. */
  lose(): void {
    for (const step of this.#takeSteps()) {
      if (step.kind === "tell") step.tell(false);
      else step.wire.lose();
    }
  }

  #push(wire: HeldWire, bytes: Buffer, from: number, to: number): void {
    this.#last = { kind: "bytes", wire, bytes, from, to };
    this.#steps.push(this.#last);
  }

  #takeSteps(): HeldStep[] {
    const steps = this.#steps;
    this.#steps = [];
    this.#used = 0;
    this.#last = null;
    this.length = 0;
    return steps;
  }
}
