import { windowStart } from "@/lib/policy/budget-window";
import { Account } from "./account";
import type { Meter, Sending, WindowUse } from "./meter";

/** Totals of meters that nobody has looked at for this long are not asked for. */
const IN_USE_MS = 60_000;

/** All meters of this process. */
export class Ledger {
  readonly #accounts = new Map<string, Account>();
  /** Of windows that ended before the store was told. */
  #left: WindowUse[] = [];

  account(connectionId: string, policyName: string, identityId: string): Account {
    const key = `${connectionId} ${identityId} ${policyName}`;
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    const made = new Account({ connectionId, policyName, identityId }, (use) => this.#left.push(use));
    this.#accounts.set(key, made);
    return made;
  }

  /** What the store is to be told, in the order of its keys so that gateways do not lock each other out; to be answered by `sent` or `notSent`. */
  send(): { readonly meters: readonly Sending[]; readonly left: readonly WindowUse[] } {
    const left = this.#left;
    this.#left = [];
    const meters = this.#meters().flatMap((meter) => meter.send() ?? []);
    return { meters, left };
  }

  sent({ meters }: ReturnType<Ledger["send"]>): void {
    for (const { meter, use } of meters) meter.sent(use);
  }

  notSent({ meters, left }: ReturnType<Ledger["send"]>): void {
    for (const { meter, use } of meters) meter.notSent(use);
    this.#left.push(...left);
  }

  /** Meters whose totals matter now. */
  inUse(now: number): readonly Meter[] {
    return this.#meters().filter((meter) => now < meter.endsAt && now - meter.lookedAt < IN_USE_MS);
  }

  /** Forgets accounts that nobody has looked at today: nothing of theirs counts any more. */
  forget(now: number): void {
    const today = windowStart("day", now);
    for (const [key, account] of this.#accounts) {
      if (account.meters().every((meter) => meter.endsAt <= today && meter.lookedAt < today && meter.idle)) {
        account.forgotten = true;
        this.#accounts.delete(key);
      }
    }
  }

  #meters(): Meter[] {
    return [...this.#accounts.values()].flatMap((account) => account.meters());
  }
}
