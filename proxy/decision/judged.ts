import type { EnforcementMode } from "@/lib/connections/model";
import type { Outcome } from "@/lib/policy/outcome";
import type { Verdict } from "@/lib/policy/plan";
import type { Judgement, Watch } from "../budgets/watch";
import type { WatchedPolicy } from "../budgets/watched";
import type { Ruling } from "../session/gate";
import { type Entry, recordOf } from "./entry";
import type { Execution, Review } from "./review";

/** What the budgets and the sudden behaviour of a policy make of a statement that its rules do not stop. */
export function judge(
  watch: Watch,
  policy: WatchedPolicy,
  entry: Entry,
  outcome: Outcome["kind"],
  mode: EnforcementMode,
  { id, schema, asked }: Execution,
): Judgement {
  const { templateHash, tables, masked } = entry;
  const granted = (asked?.grant ?? null) !== null;
  return watch.judge(
    policy,
    { id, templateHash, tables, masked, defaultSchema: schema ?? "" },
    { comes: granted ? "granted" : outcome === "held" ? "asks" : "free", enforced: mode === "enforce" },
  );
}

/** A budget denies it. */
export function refuseBeyond(
  entry: Entry,
  verdict: Verdict,
  { error, finding }: Extract<Judgement, { kind: "denied" }>,
  { id }: Execution,
): Ruling {
  const rule = verdict.rule === null ? {} : { rule: verdict.rule };
  const decision = { ...recordOf(entry, verdict), effect: finding.effect, decisionReason: finding.reason };
  return { kind: "refuse", error, references: { event: id, ...rule }, decision };
}

/** The verdict that a person is asked about, and why in the words of the moment. */
export function heldVerdict(verdict: Verdict, judged: Judgement | null): Pick<Review, "verdict" | "told"> {
  if (judged?.kind !== "held") return { verdict, told: verdict.reason };
  return { verdict: { ...verdict, ...judged.finding }, told: judged.told };
}

/** Counts the answer of what passes; the record says what would have stopped it, had nobody let it run or were it enforced. */
export function counted(ruling: Ruling, judged: Judgement | null): Ruling {
  if (judged?.kind !== "passes" || ruling.kind !== "forward") return ruling;
  const { use, would } = judged;
  if (would === null || (would.effect === "review" && ruling.decision.effect !== "allow")) return { ...ruling, use };
  const decision = { ...ruling.decision, effect: would.effect, decisionReason: would.reason };
  return { ...ruling, use, decision };
}
