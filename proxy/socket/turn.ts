import { Held, type HeldWire } from "./held";

/** Where records go that must be safe before a wire acts on them. */
export interface Journal {
  /** Writes all that was appended since the last call. False when that failed: then nothing may act on it. */
  write(): boolean;
  /** Resolves to whether what was written before the call has reached the disk; null where writing is enough. */
  readonly sync: (() => Promise<boolean>) | null;
}

/**
 * Audit before effect. From the first record of an event-loop turn on, all that the wires of a gateway are given is held, in order, and goes
 * out at the end of the turn, behind the one write that makes the records safe. Where they must be on the disk too, it is held until a
 * sync that began after that write is over; the turns meanwhile gather and share the next one, and everything given to any wire until
 * then waits with them: nothing goes out before all records that were appended before it.
 */
export class Turn {
  readonly #journal: Journal;
  /** Of this turn, once a record was appended. */
  #open: Held | null = null;
  #spare: Held | null = new Held();
  /** Written and not yet on the disk, oldest first. */
  readonly #written: Held[] = [];
  #syncing = false;
  #scheduled = false;
  /** The records of this turn could not be written, so that none of its effects may happen. */
  #failed = false;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Whether what a wire is given now has to wait. */
  get holds(): boolean {
    return this.#open !== null || this.#failed || this.#written.length > 0;
  }

  /** A record was appended. */
  begin(): void {
    if (this.#open === null && !this.#failed) {
      this.#open = this.#spare ?? new Held();
      this.#spare = null;
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#end);
    }
  }

  /** Only while `holds`. `borrowed` bytes are copied, unless they go out in the call. */
  hold(wire: HeldWire, bytes: Buffer, borrowed: boolean): void {
    const held = this.#target;
    if (held === null) {
      wire.lose();
      return;
    }
    const early = held === this.#open && this.#journal.sync === null && held.length + bytes.length >= EARLY_BYTES;
    held.add(wire, bytes, borrowed && !early);
    if (early) this.flush();
  }

  /** Only while `holds`. */
  holdEnd(wire: HeldWire): void {
    const held = this.#target;
    if (held === null) wire.lose();
    else held.addEnd(wire);
  }

  /** Only while `holds`. */
  holdDestroy(wire: HeldWire): void {
    const held = this.#target;
    if (held === null) wire.lose();
    else held.addDestroy(wire);
  }

  /** Only while `holds`. `tell` hears whether what was appended is safe, when it would go out if it were bytes for a wire. */
  holdTell(tell: (safe: boolean) => void): void {
    const held = this.#target;
    if (held === null) tell(false);
    else held.addTell(tell);
  }

  /** Writes now what was appended, and lets out what waits for no more than that. */
  flush(): void {
    const held = this.#open;
    if (held === null) return;
    if (!this.#journal.write()) {
      // Also for what the rest of the turn gives to wires: its records are among those that were not written.
      this.#failed = true;
      this.#open = null;
      held.lose();
      this.#spare = held;
    } else if (this.#journal.sync === null) {
      this.#open = null;
      held.release();
      this.#spare = held;
    }
  }

  get #target(): Held | null {
    return this.#failed ? null : (this.#open ?? this.#written.at(-1) ?? null);
  }

  readonly #end = (): void => {
    this.#scheduled = false;
    this.flush();
    this.#failed = false;
    const { sync } = this.#journal;
    if (this.#open !== null && sync !== null) {
      this.#written.push(this.#open);
      this.#open = null;
      if (!this.#syncing) void this.#syncAll(sync);
    }
  };

  async #syncAll(sync: () => Promise<boolean>): Promise<void> {
    this.#syncing = true;
    while (this.#written.length > 0) {
      const covered = this.#written.length;
      const safe = await sync();
      for (const held of this.#written.splice(0, covered)) {
        if (safe) held.release();
        else held.lose();
      }
    }
    this.#syncing = false;
  }
}

/** What waits is written and let out before the end of its turn when there is this much of it. */
export const EARLY_BYTES: number = 256 * 1024;
