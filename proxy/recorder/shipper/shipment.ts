import { ChainConflict, type ChainHead, openChain } from "@/lib/chain/append";
import { witnessesFor } from "@/lib/chain/beat";
import { CHAIN_BEAT_MS, type Witness } from "@/lib/chain/model";
import { signedEnd } from "@/lib/chain/signed-end";
import type { Store } from "@/lib/db/client";
import type { SharedPosition, SpoolPlace } from "../spool/position";
import { type Damage, SpoolReader } from "../spool/reader";
import { removeSpool, trimSegments } from "../spool/trim";
import { chunkRow } from "./chunk-row";
import { type DecodedRecord, decodeBatch } from "./decode";
import { informPlanner } from "./inform-planner";
import { Planner } from "./planner";
import { followedSessions, runningOf, storedChain } from "./store-reads";
import { type AuditRow, isEmpty } from "./work";
import { type Ending, type Shipping, type WriteContext, writeShipping } from "./write-work";

/** Of one transaction. */
const MOST_RECORDS = 2_000;
const MOST_BYTES = 4 * 1024 * 1024;
const FOLLOWED_EVERY_MS = 1_000;
/** Well before the beat is due: a store may be slow. */
const BEAT_MS = CHAIN_BEAT_MS / 2;

export interface ShipmentOptions extends WriteContext {
  readonly db: Store["db"];
  readonly directory: string;
  readonly gatewayId: string;
  /** Null when the spool's writer is dead: everything there is is read. */
  readonly position: SharedPosition | null;
}

/** What there is to say of a spool at its end. */
export interface EndFacts {
  /** Statements whose outcome nobody will tell. */
  readonly unknown: number;
  readonly tornBytes: number;
  readonly damages: readonly Damage[];
  readonly lostRecords: number;
  /** Records that this shipment brought to the store. */
  readonly shipped: number;
}
export interface ShipmentEnd {
  readonly ending: Ending;
  /** Goes into the chain with the last batch. */
  readonly event: AuditRow | null;
}

/** One spool on its way to the store. Every step can be tried again after it failed. */
export class Shipment {
  readonly #options: ShipmentOptions;
  readonly #reader: SpoolReader;
  readonly #planner: Planner;
  #head: ChainHead | null = null;
  /** What is committed. */
  #place: SpoolPlace = { segment: 0, offset: 0 };
  #sequence = 0;
  /** Read and not planned yet: the store has to be asked about some of it first. */
  #records: DecodedRecord[] | null = null;
  /** Planned and not sealed yet. */
  #planned = false;
  #sealed: Omit<Shipping, "chunks"> | null = null;
  #shipping: Shipping | null = null;
  #attempted: ChainHead[] = [];
  #trimmed = 0;
  #followed: ReadonlySet<string> = new Set();
  #followedAt = Number.NEGATIVE_INFINITY;
  #beatAt = Number.NEGATIVE_INFINITY;
  #finished = false;
  /** Where the chain ended, when it had ended already. */
  #wasEnded: ChainHead | null = null;
  leftOut = 0;
  /** Records that were not in the store before. */
  shipped = 0;

  constructor(options: ShipmentOptions) {
    this.#options = options;
    this.#reader = new SpoolReader(options.directory, options.gatewayId);
    this.#planner = new Planner(options.gatewayId);
  }

  get place(): SpoolPlace {
    return this.#place;
  }

  /** Number of the next record that is not in the store yet. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Records that are nothing, or belong to nothing that is known. */
  get strays(): number {
    return this.#planner.strays;
  }

  /** Whether its writer died before it wrote anything, here or in the store. */
  async isBlank(): Promise<boolean> {
    const { db, directory, gatewayId } = this.#options;
    if ((await storedChain(db, gatewayId)) !== null) return false;
    const reader = new SpoolReader(directory, gatewayId);
    const blank = reader.next(null) === null && reader.tornBytes === 0 && reader.damages.length === 0;
    reader.close();
    return blank;
  }

  /** Reads what there is, up to a transaction's worth, and brings it to the store. True when there may be more at once. */
  async step(now: number): Promise<boolean> {
    if (this.#head === null) await this.#open();
    if (this.#finished) return false;
    const unwritten = this.#sealed !== null;
    const more = unwritten || (await this.#prepare(now));
    await this.#pack();
    await this.#write();
    return more;
  }

  /**
   * Ends the chain, once everything is read: all frames, outcomes that nobody will tell, and the last batch. Can be called again after it
   * failed. Returns false when the chain had ended already.
   */
  async finish(now: number, endingOf: (facts: EndFacts) => ShipmentEnd): Promise<boolean> {
    while (await this.step(now));
    if (this.#finished) {
      if (this.#wasEnded !== null) this.#mustBeShipped(this.#wasEnded);
      return this.#wasEnded === null;
    }
    const { db, gatewayId } = this.#options;
    const running = await runningOf(db, gatewayId);
    const witnesses = await witnessesFor(db, gatewayId);
    this.#planner.flushAll();
    const unknown = this.#planner.abandon(running);
    this.#planner.countTotals(now, true);
    const { tornBytes, damages, lostRecords } = this.#reader;
    const end = endingOf({ unknown, tornBytes, damages, lostRecords, shipped: this.shipped });
    if (end.event !== null) this.#planner.note(end.event);
    this.#seal(witnesses, end.ending);
    await this.#pack();
    await this.#write();
    return true;
  }

  /** An ended chain takes nothing more: a spool that goes on behind it must not be removed as if it were in the store. */
  #mustBeShipped(head: ChainHead): void {
    const limit = this.#options.position?.written ?? null;
    while (this.#reader.next(limit) !== null);
    if (this.#reader.sequence > this.#sequence) {
      throw new ChainConflict(head);
    }
  }

  /** Removes the spool's files, after `finish`. */
  remove(): void {
    this.close();
    removeSpool(this.#options.directory, this.#damaged());
  }

  close(): void {
    this.#reader.close();
  }

  async #open(): Promise<void> {
    const { db, signer, gatewayId, name } = this.#options;
    let stored = await storedChain(db, gatewayId);
    if (stored === null) {
      await openChain(db, signer, gatewayId, "gateway", name);
      stored = await storedChain(db, gatewayId);
    }
    if (stored === null) throw new Error(`the chain ${gatewayId} was opened and is not there`);
    const { number, final, spool } = await signedEnd(db, signer, gatewayId);
    // Nothing can be written behind a head that was put back.
    if (number > stored.head.number) throw new ChainConflict(stored.head);
    const { sequence, ...place } = spool;
    this.#place = place;
    this.#sequence = sequence;
    this.#finished = stored.ended || final;
    this.#wasEnded = this.#finished ? stored.head : null;
    this.#head = stored.head;
  }

  /** Plans the next records. True when a transaction's worth was read: there may be more. */
  async #read(now: number): Promise<boolean> {
    const { db, position } = this.#options;
    let full = this.#records !== null;
    if (this.#records === null) {
      const records: DecodedRecord[] = [];
      let bytes = 0;
      const limit = position?.written ?? null;
      while (records.length < MOST_RECORDS && bytes < MOST_BYTES) {
        const batch = this.#reader.next(limit);
        if (batch === null) break;
        const decoded = decodeBatch(batch, this.#sequence);
        this.#planner.strays += decoded.unreadable;
        for (const record of decoded.records) records.push(record);
        bytes += batch.bytes;
      }
      full = records.length >= MOST_RECORDS || bytes >= MOST_BYTES;
      this.#records = records;
    }
    await informPlanner(db, this.#planner, this.#records);
    this.#planner.take(this.#records, now);
    this.#records = null;
    return full;
  }

  /** Who is watched live, now and then. */
  async #look(now: number): Promise<void> {
    const { db, gatewayId, position } = this.#options;
    if (position === null || now - this.#followedAt < FOLLOWED_EVERY_MS) return;
    this.#followedAt = now;
    this.#followed = await followedSessions(db, gatewayId);
  }

  async #prepare(now: number): Promise<boolean> {
    const more = this.#planned ? true : await this.#read(now);
    this.#planned = true;
    await this.#look(now);
    const beat = now - this.#beatAt >= BEAT_MS;
    const witnesses = beat ? await witnessesFor(this.#options.db, this.#options.gatewayId) : null;
    if (beat) this.#beatAt = now;
    this.#planner.flushDue(now, this.#followed);
    this.#planner.countTotals(now);
    this.#seal(witnesses, null);
    return more;
  }

  #seal(witnesses: readonly Witness[] | null, ending: Ending | null): void {
    const work = this.#planner.seal(this.#reader.place, Math.max(this.#reader.sequence, this.#sequence));
    this.#planned = false;
    if (isEmpty(work) && witnesses === null) return;
    this.#attempted = [];
    this.#sealed = { work, at: new Date(), witnesses: witnesses ?? [], ending };
  }

  async #pack(): Promise<void> {
    const sealed = this.#sealed;
    if (sealed === null || this.#shipping !== null) return;
    const chunks = [];
    for (const draft of sealed.work.chunks) chunks.push(await chunkRow(draft));
    this.#shipping = { ...sealed, chunks };
  }

  async #write(): Promise<void> {
    const shipping = this.#shipping;
    const head = this.#head;
    if (shipping === null || head === null) {
      this.#trim();
      return;
    }
    try {
      const before = { ...this.#place, sequence: this.#sequence };
      const written = await writeShipping(this.#options, head, before, shipping, (next) => this.#attempted.push(next));
      this.leftOut += written.leftOut;
      this.#committed(written.head, shipping);
    } catch (error) {
      const there = error instanceof ChainConflict ? await this.#alreadyThere() : null;
      if (there === null) throw error;
      this.#committed(there, shipping);
    }
    this.#trim();
  }

  /** The head that an attempt left whose answer got lost; null when the store has another one. */
  async #alreadyThere(): Promise<ChainHead | null> {
    const stored = await storedChain(this.#options.db, this.#options.gatewayId);
    if (stored === null) return null;
    return this.#attempted.find((one) => one.number === stored.head.number && one.hash === stored.head.hash) ?? null;
  }

  #committed(head: ChainHead, { work, ending }: Shipping): void {
    this.#head = head;
    this.shipped += work.sequence - this.#sequence;
    this.#place = work.place;
    this.#sequence = work.sequence;
    this.#sealed = null;
    this.#shipping = null;
    this.#finished = ending !== null;
  }

  /** Deletes segments of which nothing is needed any more: all of it is in the store, and no frame of it waits. */
  #trim(): void {
    const held = this.#planner.heldSegment;
    const needed = Math.min(this.#place.segment, held ?? this.#place.segment);
    if (needed <= Math.max(1, this.#trimmed)) return;
    const start = this.#reader.startOf(needed);
    if (start === null) return;
    trimSegments(this.#options.directory, start, this.#damaged());
    this.#trimmed = needed;
    if (this.#options.position !== null) this.#options.position.needed = needed;
  }

  #damaged(): ReadonlySet<number> {
    return new Set(this.#reader.damages.map((damage) => damage.segment));
  }
}
