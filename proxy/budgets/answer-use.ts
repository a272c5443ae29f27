import type { SallyportError } from "@/lib/errors/error";
import type { StatementUse } from "../session/statement-use";
import type { Account, MeteredBudget } from "./account";
import { cutError } from "./exceeded";
import type { History, KnownBy } from "./history";
import type { WatchedPolicy } from "./watched";

/** What the uses of one session share. */
export interface UseParts {
  readonly now: () => number;
  /** The session's account under a policy. Asked for at every count: a cursor may live longer than an account that nobody looks at. */
  readonly account: (policy: string) => Account;
  /** A budget has ended an answer, which is told once a window. */
  readonly exceeded: (account: Account, budget: MeteredBudget, policy: string, statementId: string) => void;
}

/** What is remembered of the statement that is answered. */
export interface AnsweredStatement extends KnownBy {
  readonly id: string;
}

/** The use of one statement that was let through. All budgets of its policy count it; `bounds` are those that end its answer too. */
export class AnswerUse implements StatementUse {
  readonly #parts: UseParts;
  readonly #policy: WatchedPolicy;
  readonly #bounds: readonly MeteredBudget[];
  readonly #history: History | null;
  readonly #statement: AnsweredStatement;
  #rows = 0;
  #told = 0;
  #first = true;

  constructor(
    parts: UseParts,
    policy: WatchedPolicy,
    bounds: readonly MeteredBudget[],
    history: History | null,
    statement: AnsweredStatement,
  ) {
    this.#parts = parts;
    this.#policy = policy;
    this.#bounds = bounds;
    this.#history = history;
    this.#statement = statement;
  }

  get #account(): Account {
    return this.#parts.account(this.#policy.name);
  }

  rowsLeft(): number {
    return this.#left("rows");
  }

  bytesLeft(): number {
    return this.#left("bytes");
  }

  answered(rows: number, bytes: number): void {
    this.#rows += rows;
    this.#account.answered(this.#policy.budgets, rows, bytes, this.#parts.now());
  }

  /** What does not fit uses up what is left: the statement would only be cut again. */
  cut(measure: "rows" | "bytes"): SallyportError {
    const now = this.#parts.now();
    const budget = this.#tightest(measure, now);
    if (budget === null) throw new TypeError(`no budget bounds the ${measure}`);
    const account = this.#account;
    const meter = account.meter(budget);
    meter.add(Math.max(0, budget.max - meter.used(now)), now);
    this.#parts.exceeded(account, budget, this.#policy.name, this.#statement.id);
    return cutError(budget, this.#policy.name, now);
  }

  ended(succeeded: boolean): void {
    if (this.#history === null) return;
    const factor = this.#policy.sudden?.rows_factor;
    const now = this.#parts.now();
    if (factor !== undefined) this.#history.grew(this.#statement, this.#rows, factor, now);
    if (!succeeded) return;
    this.#history.ran(this.#statement, this.#rows - this.#told, this.#first ? 1 : 0, now);
    this.#told = this.#rows;
    this.#first = false;
  }

  #left(measure: "rows" | "bytes"): number {
    const now = this.#parts.now();
    const budget = this.#tightest(measure, now);
    return budget === null ? Number.POSITIVE_INFINITY : Math.max(0, budget.max - this.#account.meter(budget).used(now));
  }

  #tightest(measure: "rows" | "bytes", now: number): MeteredBudget | null {
    let tightest: MeteredBudget | null = null;
    let least = Number.POSITIVE_INFINITY;
    const account = this.#account;
    for (const budget of this.#bounds) {
      if (budget.measure !== measure) continue;
      const left = budget.max - account.meter(budget).used(now);
      if (left < least) [tightest, least] = [budget, left];
    }
    return tightest;
  }
}
