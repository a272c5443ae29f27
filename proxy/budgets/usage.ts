import type { Logger } from "pino";
import { PERIOD_MS } from "@/lib/policy/budget-window";
import type { GatewaySnapshot } from "@/lib/policy/snapshot";
import { policiesFor } from "@/lib/policy/stored-policy";
import { type Repeating, repeat } from "@/lib/repeat";
import { answered } from "../answered";
import type { AuditRow, LoginGrant } from "../session/ports";
import { Histories } from "./histories";
import { Ledger } from "./ledger";
import { type Meter, windowKey } from "./meter";
import { TodaysTemplates } from "./template-runs";
import type { UsageStore } from "./usage-store";
import { watchedPolicies } from "./watched";

export interface UsageParts {
  readonly store: UsageStore;
  readonly snapshot: () => GatewaySnapshot | null;
  readonly audit: (row: AuditRow) => void;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How often counts are exchanged with the store: what several gateways can overrun a budget by is what they let through in so long. */
export const EXCHANGE_MS = 1_000;
const TIDY_MS = 10 * 60_000;
/** Windows are kept for so long after they began. */
const KEPT_MS = 2 * PERIOD_MS.day;

/**
 * What identities use of their budgets, as this process knows it. Decisions never wait for the store: they look at the totals of the last
 * exchange and at what was counted here since. While the store is away, counts are kept and told when it answers again; a process that
 * is killed takes those of its last second with it.
 */
export class Usage {
  readonly #parts: UsageParts;
  readonly ledger = new Ledger();
  readonly histories: Histories;
  readonly templates: TodaysTemplates;
  readonly now: () => number;
  readonly audit: (row: AuditRow) => void;
  #rounds: readonly Repeating[] = [];
  #failing = false;

  constructor(parts: UsageParts) {
    this.#parts = parts;
    this.now = parts.now;
    this.audit = parts.audit;
    this.histories = new Histories(parts.store, parts.now);
    this.templates = new TodaysTemplates(parts.store, parts.now);
  }

  start(): void {
    const { log, store, now } = this.#parts;
    const tidy = async () => {
      this.ledger.forget(now());
      await this.histories.refresh();
      await store.removeBefore(now() - KEPT_MS);
    };
    this.#rounds = [
      repeat(
        () => this.exchange(),
        EXCHANGE_MS,
        (err) => log.warn({ err }, "budgets can not be exchanged"),
      ),
      repeat(tidy, TIDY_MS, (err) => log.warn({ err }, "old windows of budgets can not be removed")),
    ];
  }

  /** Tells the store what is left to tell. */
  async stop(): Promise<void> {
    await Promise.all(this.#rounds.map((round) => round.stop()));
    await this.exchange();
  }

  /** Tells the store what was counted, and reads the totals of what is in use. Does not reject: what was not told is told next time. */
  async exchange(): Promise<void> {
    const { store, now } = this.#parts;
    const sending = this.ledger.send();
    const uses = [...sending.left, ...sending.meters.map(({ use }) => use)];
    try {
      if (uses.length > 0) await answered(store.add(uses, now()));
    } catch (error) {
      this.ledger.notSent(sending);
      this.#failed(error);
      return;
    }
    this.ledger.sent(sending);
    try {
      await this.#read(this.ledger.inUse(now()));
      if (this.#failing) this.#parts.log.info("budgets are counted with other gateways again");
      this.#failing = false;
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Reads what a login's budgets have used, and what it has run before. Never rejects, and waits for no longer than the store may take. */
  async enter(grant: LoginGrant): Promise<void> {
    const connection = this.#parts.snapshot()?.byId.get(grant.connection.id);
    if (connection === undefined) return;
    const watched = watchedPolicies(policiesFor(connection.policies, grant.facts));
    if (watched === null) return;
    const now = this.now();
    const meters: Meter[] = [];
    let days = 0;
    for (const policy of watched.values()) {
      const account = this.ledger.account(connection.id, policy.name, grant.identity.id);
      for (const budget of policy.budgets) {
        const meter = account.meter(budget);
        meter.used(now);
        meters.push(meter);
      }
      days = Math.max(days, policy.sudden?.days ?? 0);
    }
    const history = days === 0 ? null : this.histories.of(connection, grant.identity.id).freshen(days, now);
    await this.#read(meters).catch((error) => this.#failed(error));
    await history;
  }

  async #read(meters: readonly Meter[]): Promise<void> {
    if (meters.length === 0) return;
    const { store } = this.#parts;
    const asked = meters.map((meter) => ({
      meter,
      at: meter.asked,
      window: { ...meter.key, windowAt: meter.startsAt, used: 0 },
    }));
    const totals = await answered(store.read(asked.map(({ window }) => window)));
    const byKey = new Map(totals.map((total) => [windowKey(total), total]));
    for (const { meter, at, window } of asked) {
      const total = byKey.get(windowKey(window));
      if (total !== undefined) meter.stored(total, at);
    }
  }

  #failed(err: unknown): void {
    if (!this.#failing) this.#parts.log.error({ err }, "the store does not take budgets; counting goes on here");
    this.#failing = true;
  }
}
