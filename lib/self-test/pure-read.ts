import type { Understood } from "@/lib/policy/understand";
import type { AnalysisFlag } from "@/lib/sql/analysis";
import type { StatementClass } from "@/lib/sql/taxonomy";

const READS: ReadonlySet<StatementClass> = new Set<StatementClass>(["select", "table", "values"]);
const ASKS: ReadonlySet<StatementClass> = new Set<StatementClass>(["show", "describe", "explain"]);
/** Of what needs no rule: SHOW WARNINGS, a SELECT of constants, and what the test's own session begins with. */
const OWN_SESSION: ReadonlySet<StatementClass> = new Set<StatementClass>(["begin", "rollback", "show", "select"]);

/** Reads that leave something behind: files, locks, variables. */
const EFFECTS: readonly AnalysisFlag[] = [
  "locking_read",
  "into_file",
  "into_variable",
  "user_variable",
  "calc_found_rows",
  "temporary_table",
];

/** Whether all that a statement can do is to answer: known functions only, no file, lock, variable or write. */
export function isPureRead({ subject, analysis, kill }: Understood): boolean {
  switch (subject.kind) {
    case "analysed":
      return READS.has(subject.class) && analysis !== null && readsOnly(analysis);
    case "explain":
      return analysis !== null && readsOnly(analysis);
    case "metadata":
      return ASKS.has(subject.class);
    // The gateway carries a KILL out itself, on the client's own sessions only.
    case "housekeeping":
      return kill !== null || OWN_SESSION.has(subject.class);
    case "use":
    case "opaque":
      return false;
    default:
      return subject satisfies never;
  }
}

function readsOnly(analysis: NonNullable<Understood["analysis"]>): boolean {
  return (
    analysis.functions.every((one) => one.effect === "pure") &&
    analysis.writes.length === 0 &&
    analysis.tables.every((one) => one.access === "read") &&
    !EFFECTS.some((flag) => analysis.flags.has(flag))
  );
}
