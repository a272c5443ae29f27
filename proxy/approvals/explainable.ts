import type { Mask } from "@/lib/masking/mask";
import { compileMasks } from "@/lib/masking/mask-set";
import type { Subject } from "@/lib/policy/subject";
import type { AnalysisFlag } from "@/lib/sql/analysis";
import { lex } from "@/lib/sql/lexer";
import { encodeString } from "@/lib/sql/scan-quoted";
import type { StatementClass } from "@/lib/sql/taxonomy";
import type { Dialect } from "@/lib/sql/token";
import type { BoundValue } from "../protocol/stmt-execute";

/** What a server may already do while it explains is not tried out: subqueries and functions can run before a plan is there. */
const FLAGS: readonly AnalysisFlag[] = ["into_file", "into_variable", "user_variable"];
const CLASSES: ReadonlySet<StatementClass> = new Set<StatementClass>([
  "select",
  "insert",
  "replace",
  "update",
  "delete",
]);

/**
 * Why the server is not asked how it would run this statement; null when it is. Masks count for everybody: reviewers read the plan,
 * whoever asked.
 */
export function whyNotExplained(subject: Subject, masks: readonly Mask[]): string | null {
  if (subject.kind !== "analysed" || !CLASSES.has(subject.class)) return "Servers explain no statement of this kind";
  const { analysis } = subject;
  const set = compileMasks(masks, []);
  if (!set.isEmpty && analysis.columns.some((column) => set.configured(column) !== null)) {
    return "The statement touches masked columns, and a plan can tell of their values";
  }
  if (analysis.functions.some((one) => one.effect !== "pure") || FLAGS.some((flag) => analysis.flags.has(flag))) {
    return "The statement has effects that explaining it could bring about";
  }
  return null;
}

/** The statement with its values in place of the parameters; null when one of them has no text. */
export function withValues(sql: string, bound: readonly BoundValue[], dialect: Dialect): string | null {
  const read = lex(Buffer.from(sql, "utf8"), dialect);
  if (!read.ok) return null;
  const { source, literals } = read.lexed;
  const bytes = Buffer.from(source.bytes);
  const parts: Buffer[] = [];
  let from = 0;
  for (const { parameter, start, end } of literals) {
    if (parameter < 0) continue;
    const value = valueText(bound[parameter]);
    if (value === null) return null;
    parts.push(bytes.subarray(from, start), Buffer.from(` ${value} `, "utf8"));
    from = end;
  }
  return Buffer.concat([...parts, bytes.subarray(from)]).toString("utf8");
}

function valueText(value: BoundValue | undefined): string | null {
  switch (value?.kind) {
    case "null":
      return "NULL";
    case "number":
      return value.text;
    case "string":
      return encodeString(value.text, "'");
    case "bytes":
    case undefined:
      return null;
    default:
      return value satisfies never;
  }
}
