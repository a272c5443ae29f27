import { auditRow } from "@/lib/audit/record";
import type { SallyportError } from "@/lib/errors/error";
import { budgetWords } from "@/lib/policy/budget-words";
import type { LoginGrant } from "../session/ports";
import type { StatementUse } from "../session/statement-use";
import type { Account, CountedStatement, MeteredBudget } from "./account";
import { AnswerUse, type UseParts } from "./answer-use";
import { exceededError, exceededNow, exceededReason } from "./exceeded";
import type { KnownHistory } from "./histories";
import type { History, KnownBy, Sudden } from "./history";
import type { Usage } from "./usage";
import type { WatchedPolicy } from "./watched";

/** What budgets and history look at of one statement. */
export interface WatchedStatement extends CountedStatement, KnownBy {
  readonly id: string;
}

/** How a statement comes here. */
export interface Circumstances {
  /** `free`: a rule allows it. `asks`: a person is to be asked anyway. `granted`: a person has let it run. */
  readonly comes: "free" | "asks" | "granted";
  /** False in observe mode: everything passes, and the record says what would have been. */
  readonly enforced: boolean;
}

/** What is said of a statement beside the rules' verdict. */
export interface Finding {
  readonly effect: "deny" | "review";
  readonly reason: string;
}

export type Judgement =
  | { readonly kind: "passes"; readonly use: StatementUse | null; readonly would: Finding | null }
  | { readonly kind: "denied"; readonly finding: Finding; readonly error: SallyportError }
  /** `told`: the finding's reason as it stands now, for people. */
  | { readonly kind: "held"; readonly finding: Finding; readonly told: string }
  /** It has to be known first what the identity has done before; the promise does not reject. */
  | { readonly kind: "waits"; readonly known: Promise<void> };

const UNKNOWN: Finding = { effect: "review", reason: "what it has run before can not be read now" };

/** Judges the statements of one session by the budgets and the sudden behaviour of its policies. */
export class Watch {
  readonly #usage: Usage;
  readonly #grant: LoginGrant;
  readonly #accounts = new Map<string, Account>();
  readonly #now: () => number;
  readonly #parts: UseParts;

  constructor(usage: Usage, grant: LoginGrant) {
    this.#usage = usage;
    this.#grant = grant;
    this.#now = usage.now;
    this.#parts = {
      now: usage.now,
      account: (policy) => this.#account(policy),
      // Answers are cut only where budgets are enforced.
      exceeded: (...cut) => this.#exceeded(...cut, true),
    };
  }

  judge(policy: WatchedPolicy, statement: WatchedStatement, how: Circumstances): Judgement {
    const now = this.#now();
    const account = this.#account(policy.name);
    const { connection, identity } = this.#grant;
    const known = policy.sudden === null ? null : this.#usage.histories.of(connection, identity.id);
    const history = known?.history ?? null;
    let over = account.exceeded(policy.budgets, statement, now);
    if (over?.measure === "templates") {
      // Several processes may have counted the same ones: now that it matters, their names are looked at.
      const runs = this.#usage.templates.of(connection, identity.id, now);
      if (runs instanceof Promise) return { kind: "waits", known: runs };
      if (runs !== null) over = account.exceeded(policy.budgets, statement, now, runs);
    }
    if (over !== null && (over.over === "deny" || how.comes !== "granted")) {
      this.#exceeded(account, over, policy.name, statement.id, how.enforced);
    }
    if (over?.over === "deny") {
      const finding: Finding = { effect: "deny", reason: exceededReason(over) };
      return how.enforced
        ? { kind: "denied", finding, error: exceededError(over, policy.name, now) }
        : this.#pass(policy, account, history, statement, how, finding);
    }
    // It counts when it runs.
    if (how.comes === "asks" && how.enforced) return { kind: "passes", use: null, would: null };
    if (over !== null) {
      const finding: Finding = { effect: "review", reason: exceededReason(over) };
      if (how.enforced && how.comes !== "granted") {
        return { kind: "held", finding, told: exceededNow(over, now) };
      }
      if (how.comes === "granted") history?.approved(statement);
      return this.#pass(policy, account, history, statement, how, finding);
    }
    return policy.sudden === null || known === null
      ? this.#pass(policy, account, history, statement, how, null)
      : this.#bySurprise(policy, policy.sudden, account, known, statement, how, now);
  }

  #bySurprise(
    policy: WatchedPolicy,
    sudden: NonNullable<WatchedPolicy["sudden"]>,
    account: Account,
    known: KnownHistory,
    statement: WatchedStatement,
    how: Circumstances,
    now: number,
  ): Judgement {
    const { history } = known;
    const pass = (would: Finding | null) => this.#pass(policy, account, history, statement, how, would);
    const found = history.judge(sudden, statement, now);
    if (how.comes === "asks") return pass(null);
    if (how.comes === "granted") {
      if (found !== null) history.approved(statement);
      return pass(found === null ? null : reviewFor(found));
    }
    if (found === null && known.loaded) return pass(null);
    // Another gateway may have seen it meanwhile, or nothing is known at all.
    const freshened = known.freshen(sudden.days, now);
    if (freshened !== null) return { kind: "waits", known: freshened };
    if (found !== null && history.tells(found, statement))
      this.#tellSudden(found, policy.name, statement, how.enforced);
    const finding = found === null ? UNKNOWN : reviewFor(found);
    return how.enforced ? { kind: "held", finding, told: finding.reason } : pass(finding);
  }

  #pass(
    policy: WatchedPolicy,
    account: Account,
    history: History | null,
    statement: WatchedStatement,
    how: Circumstances,
    would: Finding | null,
  ): Judgement {
    const now = this.#now();
    account.take(policy.budgets, statement, now);
    const bounds = !how.enforced ? [] : policy.budgets.filter(({ over }) => over === "deny" || how.comes !== "granted");
    return { kind: "passes", use: new AnswerUse(this.#parts, policy, bounds, history, statement), would };
  }

  #account(policy: string): Account {
    const known = this.#accounts.get(policy);
    if (known !== undefined && !known.forgotten) return known;
    const { connection, identity } = this.#grant;
    const account = this.#usage.ledger.account(connection.id, policy, identity.id);
    this.#accounts.set(policy, account);
    return account;
  }

  #exceeded(account: Account, budget: MeteredBudget, policy: string, statementId: string, enforced: boolean): void {
    const meter = account.meter(budget);
    if (meter.told) return;
    meter.told = true;
    const { measure, per, max, over } = budget;
    this.#audit("budget.exceeded", enforced && over === "deny" ? "refused" : "ok", {
      message: `The budget of the policy ${policy} is used up: ${budgetWords(budget)}`,
      detail: { policy, measure, per, max, over, windowAt: new Date(meter.startsAt), statement: statementId },
    });
  }

  #tellSudden({ kind, reason }: Sudden, policy: string, statement: WatchedStatement, enforced: boolean): void {
    this.#audit("behaviour.sudden", "ok", {
      message: `A statement ${enforced ? "is held" : "would have been held"}: ${reason}`,
      detail: { policy, kind, template: statement.templateHash, statement: statement.id },
    });
  }

  #audit(
    action: "budget.exceeded" | "behaviour.sudden",
    result: "ok" | "refused",
    more: { readonly message: string; readonly detail: Record<string, unknown> },
  ): void {
    const { connection, identity } = this.#grant;
    const actor = { kind: "machine", id: identity.id, name: identity.name, address: null } as const;
    const object = { kind: "identity", id: identity.id, name: identity.name };
    const input = { action, result, object, connectionName: connection.name, ...more };
    this.#usage.audit(auditRow(actor, input, new Date(this.#now())));
  }
}

function reviewFor({ reason }: Sudden): Finding {
  return { effect: "review", reason };
}
