import { setTimeout as delay } from "node:timers/promises";
import { eq } from "drizzle-orm";
import type { Logger } from "pino";
import { recordAudit } from "@/lib/audit/record";
import { ChainConflict } from "@/lib/chain/append";
import { endProcessChain } from "@/lib/chain/beat";
import type { Signer } from "@/lib/chain/signer";
import type { Store } from "@/lib/db/client";
import { dbErrno } from "@/lib/db/errors";
import { recordChains } from "@/lib/db/schema";
import { OWNER_BEAT_MS, touchOwner } from "../spool/owner";
import type { SharedPosition } from "../spool/position";
import { removeLeftovers } from "../spool/trim";
import { type AbandonedSpool, abandonedSpools, claimSpool } from "./abandoned";
import { ownEnd, recoveredEnd } from "./recover";
import { Shipment } from "./shipment";

/** Between transactions when there is little to do; milliseconds. */
const PACE_MS = 100;
const BACKOFF_MS = { first: 100, most: 5_000 };
const ADOPT_EVERY_MS = 3_000;
/** An answer of the store that takes longer counts as a failure. */
const WRITE_MS = 30_000;

export interface ShipperOptions {
  readonly store: Pick<Store, "db" | "pool">;
  readonly signer: Signer;
  readonly log: Logger;
  /** Where the spools of this machine's gateways are. */
  readonly root: string;
  readonly directory: string;
  readonly gatewayId: string;
  /** e.g. "gateway 127.0.0.1:3307" */
  readonly name: string;
  readonly position: SharedPosition;
  readonly paceMs?: number;
  readonly adoptEveryMs?: number;
  readonly ownerBeatMs?: number;
}

export interface ShipperState {
  /** Number of the first record that is not in the store. */
  readonly sequence: number;
  readonly segment: number;
  readonly offset: number;
  /** Since when nothing has reached the store, epoch milliseconds; null while it does. */
  readonly failingSince: number | null;
  /** Spools of dead gateways brought to the store. */
  readonly adopted: number;
  /** Records that the store refused for what they are, or that nothing could be made of. */
  readonly leftOut: number;
}

interface Adoption {
  readonly gateway: { readonly id: string; readonly name: string };
  readonly directory: string;
  readonly shipment: Shipment;
}

/** Brings this gateway's spool to the store, and those of gateways of this machine that died. */
export class Shipper {
  readonly #options: ShipperOptions;
  readonly #own: Shipment;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<unknown>;
  #failingSince: number | null = null;
  #adopted = 0;
  #leftOutBefore = 0;
  /** Chains whose conflict has its audit event. */
  readonly #accused = new Set<string>();
  readonly #adoptions = new Map<string, Adoption>();
  /** Directories of spools that were claimed and are not removed: also of those that the store could not be asked about yet. */
  readonly #claimed = new Set<string>();

  constructor(options: ShipperOptions) {
    this.#options = options;
    const { gatewayId, directory, name, position } = options;
    this.#own = this.#shipment(gatewayId, directory, name, position);
    this.#loops = Promise.all([this.#ship(), this.#watch()]);
  }

  get state(): ShipperState {
    const { segment, offset } = this.#own.place;
    return {
      sequence: this.#own.sequence,
      segment,
      offset,
      failingSince: this.#failingSince,
      adopted: this.#adopted,
      leftOut: this.#leftOutBefore + this.#own.leftOut + this.#own.strays,
    };
  }

  /**
   * Brings the rest to the store, ends the chain and removes the spool, if that works in time; else the spool stays for the next gateway
   * of this machine. The spool's writer has written its last before. Returns whether all is in the store.
   */
  async close(timeoutMs: number): Promise<boolean> {
    this.#stopping.abort();
    await this.#loops;
    const { gatewayId, name } = this.#options;
    const deadline = Date.now() + timeoutMs;
    for (let pause = BACKOFF_MS.first; ; pause = Math.min(pause * 2, BACKOFF_MS.most)) {
      try {
        await this.#own.finish(performance.now(), (facts) => ownEnd({ id: gatewayId, name }, facts));
        this.#own.remove();
        return true;
      } catch (error) {
        await this.#failed(error, gatewayId);
        if (Date.now() + pause > deadline) break;
        await delay(pause);
      }
    }
    this.#own.close();
    return false;
  }

  #shipment(gatewayId: string, directory: string, name: string, position: SharedPosition | null): Shipment {
    const { store, signer, log } = this.#options;
    return new Shipment({
      ...{ gatewayId, directory, name, position, signer, log },
      db: store.db,
      pool: store.pool,
      timeoutMs: WRITE_MS,
    });
  }

  async #ship(): Promise<void> {
    const { paceMs = PACE_MS, gatewayId, log } = this.#options;
    let pause = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const more = await this.#own.step(performance.now());
        if (this.#failingSince !== null) log.info("records reach the store again");
        this.#failingSince = null;
        pause = more ? 0 : paceMs;
      } catch (error) {
        pause = Math.min(Math.max(BACKOFF_MS.first, pause * 2), BACKOFF_MS.most);
        await this.#failed(error, gatewayId);
      }
      await this.#wait(pause);
    }
  }

  async #failed(error: unknown, chainId: string): Promise<void> {
    const { log } = this.#options;
    if (this.#failingSince === null) log.error({ err: error, errno: dbErrno(error) }, "records do not reach the store");
    if (chainId === this.#options.gatewayId) this.#failingSince ??= Date.now();
    if (error instanceof ChainConflict) await this.#accuse(error, chainId);
  }

  /** Somebody else wrote to a chain. Nothing is written until it is as it was left; the audit trail says so once. */
  async #accuse(conflict: ChainConflict, chainId: string): Promise<void> {
    if (this.#accused.has(chainId)) return;
    const { store, name, log } = this.#options;
    try {
      await recordAudit(
        store.db,
        { kind: "system", name },
        {
          action: "record.verified",
          result: "failed",
          object: { kind: "chain", id: chainId, name },
          message: `The chain does not end at batch ${conflict.head.number} any more: somebody else wrote to it`,
        },
      );
      this.#accused.add(chainId);
      await endProcessChain(store.db);
    } catch (err) {
      log.warn({ err }, "the conflict of a chain could not be recorded");
    }
  }

  async #watch(): Promise<void> {
    const { root, gatewayId, log, adoptEveryMs = ADOPT_EVERY_MS, ownerBeatMs = OWNER_BEAT_MS } = this.#options;
    // Beside the loop: the store may keep that waiting for longer than a silent owner is taken to live.
    const beat = setInterval(() => this.#sayAlive(), ownerBeatMs);
    while (!this.#stopping.signal.aborted) {
      try {
        removeLeftovers(root);
        // One that can not be taken must not keep the others from being taken.
        for (const spool of abandonedSpools(root, gatewayId)) {
          await this.#claim(spool).catch((err) =>
            log.warn({ err, gateway: spool.gatewayId }, "could not take the spool of a gateway that died"),
          );
        }
      } catch (err) {
        log.warn({ err }, "could not look for spools of gateways that died");
      }
      for (const adoption of [...this.#adoptions.values()]) await this.#advance(adoption);
      await this.#wait(adoptEveryMs);
    }
    clearInterval(beat);
    for (const { shipment } of this.#adoptions.values()) shipment.close();
  }

  #sayAlive(): void {
    // A beat that is missed says nothing yet.
    for (const directory of this.#claimed) touchOwner(directory).catch(() => undefined);
  }

  async #claim(spool: AbandonedSpool): Promise<void> {
    if (this.#adoptions.has(spool.gatewayId) || !claimSpool(spool, this.#options.gatewayId)) return;
    const { gatewayId, directory } = spool;
    this.#claimed.add(directory);
    this.#options.log.warn({ gateway: gatewayId }, "found the spool of a gateway that died");
    const name = await this.#nameOf(gatewayId);
    const shipment = this.#shipment(gatewayId, directory, name, null);
    if (await shipment.isBlank()) {
      shipment.remove();
      this.#claimed.delete(directory);
      return;
    }
    this.#adoptions.set(gatewayId, { gateway: { id: gatewayId, name }, directory, shipment });
  }

  /** Brings an adopted spool to its end; what fails is tried again with the next look. */
  async #advance({ gateway, directory, shipment }: Adoption): Promise<void> {
    const { store, name, log } = this.#options;
    try {
      while (!this.#stopping.signal.aborted && (await shipment.step(performance.now())));
      if (this.#stopping.signal.aborted) return;
      await shipment.finish(performance.now(), (facts) => recoveredEnd(gateway, name, facts));
      shipment.remove();
      this.#claimed.delete(directory);
      // What was recorded of the gateway's end beside its own chain; this thread seldom has more to say.
      await endProcessChain(store.db);
      this.#adoptions.delete(gateway.id);
      this.#adopted += 1;
      this.#leftOutBefore += shipment.leftOut + shipment.strays;
      log.info({ gateway: gateway.id, records: shipment.shipped }, "the spool of a gateway that died is in the store");
    } catch (err) {
      log.warn({ err, gateway: gateway.id }, "the spool of a gateway that died is not in the store yet");
      if (err instanceof ChainConflict) await this.#accuse(err, gateway.id);
    }
  }

  async #nameOf(gatewayId: string): Promise<string> {
    const { store } = this.#options;
    const [chain] = await store.db
      .select({ name: recordChains.name })
      .from(recordChains)
      .where(eq(recordChains.id, gatewayId));
    return chain?.name ?? "gateway";
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}
