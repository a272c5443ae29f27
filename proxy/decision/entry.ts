import type { PolicySet } from "@/lib/policy/compile";
import type { Plan, Values, Verdict } from "@/lib/policy/plan";
import { explain, nearestRule, planFor } from "@/lib/policy/plan";
import { type Subject, usesTables } from "@/lib/policy/subject";
import type { Understood } from "@/lib/policy/understand";
import { groupOf, type StatementClass } from "@/lib/sql/taxonomy";
import type { Literal } from "@/lib/sql/token";
import type { AccountRuling, DecisionRecord, Ruling } from "../session/gate";
import type { EntryMasking } from "./masking";

/** What is known of one template under one policy set, catalogue and schema: found again for every statement of that template. */
export interface Entry {
  readonly set: PolicySet;
  readonly subject: Subject;
  readonly plan: Plan;
  readonly templateHash: string;
  /** Of the statement that was understood: another one of the template has other values in the same places. */
  readonly literals: readonly Literal[];
  /** The decision when it is the same for all values, else null. */
  readonly verdict: Verdict | null;
  /** What happens when that decision lets it pass. */
  readonly passed: Ruling | null;
  /** What goes upstream, for approvals; null: the text as it came. */
  readonly server: Buffer | null;
  readonly way: Way;
  readonly masking: EntryMasking;
  readonly account: AccountRuling | null;
  /** What it touches, as `schema.table`. */
  readonly tables: readonly string[];
  /** It reads or writes a masked column, whether the identity may see it or not. */
  readonly masked: boolean;
  /** What to do instead, for refusals; undefined until it was asked for. */
  hint: string | null | undefined;
}

/** How a statement that may pass goes on. */
type Way = Pick<Understood, "effects" | "forward" | "kill" | "readsWarnings">;

/** Definitions that keep their text: a comment behind it would become part of them. */
const KEEP_TEXT: ReadonlySet<StatementClass> = new Set<StatementClass>([
  "create_view",
  "alter_view",
  "create_routine",
  "create_trigger",
  "create_event",
  "alter_event",
]);

/** Makes ready all that does not depend on values. */
export function makeEntry(
  set: PolicySet,
  understood: Understood,
  { plan, verdict, masking }: Pick<Entry, "plan" | "verdict" | "masking">,
  account: AccountRuling | null,
): Entry {
  const { subject, canonical, effects, forward, kill, readsWarnings } = understood;
  const entry: Entry = {
    set,
    subject,
    plan,
    templateHash: canonical.templateHash,
    literals: canonical.literals,
    verdict,
    masking,
    account,
    tables: tablesOf(subject),
    masked: masking.recorded !== null || masking.pass?.names === true,
    passed: null,
    server: canonical.unchanged ? null : Buffer.from(canonical.server, "utf8"),
    way: { effects, forward, kill, readsWarnings },
    hint: undefined,
  };
  return verdict === null ? entry : { ...entry, passed: pass(entry, verdict) };
}

/** What the record of a statement says of its decision. */
export function recordOf(entry: Entry, verdict: Verdict): DecisionRecord {
  return {
    statementClass: entry.subject.class,
    templateHash: entry.templateHash,
    effect: verdict.effect,
    policyName: verdict.policy,
    ruleName: verdict.rule,
    decisionReason: verdict.reason,
    approvalId: null,
    masking: entry.masking.recorded,
  };
}

/** The way upstream, for a verdict that lets it pass (or whose connection only observes). */
export function pass(entry: Entry, verdict: Verdict): Ruling {
  const decision = recordOf(entry, verdict);
  const { effects, forward, kill } = entry.way;
  if (kill !== null) {
    return { kind: "kill", request: { id: kill.connectionId, statementOnly: kill.query }, decision };
  }
  if (forward === "nothing") return { kind: "answer_ok", decision };
  return {
    kind: "forward",
    text: forward === "statement" ? entry.server : Buffer.from(forward.text, "utf8"),
    bound: null,
    note: !KEEP_TEXT.has(entry.subject.class),
    effects,
    changesCatalogue: groupOf(entry.subject.class) === "ddl",
    result: entry.masking.result,
    readsWarnings: entry.way.readsWarnings,
    clearsWarnings: usesTables(entry.subject),
    account: entry.account,
    use: null,
    decision,
    prepared: null,
  };
}

function tablesOf(subject: Subject): readonly string[] {
  if (subject.kind !== "analysed" && subject.kind !== "explain") return [];
  return [...new Set(subject.analysis.tables.map(({ schema, table }) => `${schema}.${table}`))];
}

/** The rule that came closest and what it lacked, in words, or null. */
export function hintOf(entry: Entry, values: Values): string | null {
  if (entry.verdict !== null && entry.hint !== undefined) return entry.hint;
  const hint = nearestRule(explain(planFor(entry.set, entry.subject), values));
  entry.hint = hint;
  return hint;
}
