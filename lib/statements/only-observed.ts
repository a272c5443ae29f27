import type { Effect } from "@/lib/policy/rule";

/** Whether a statement went to the database against the policies, because its connection blocked nothing: no person had approved it. */
export function onlyObserved(statement: {
  readonly effect: Effect | null;
  readonly approvalId: string | null;
  readonly waitedUs: number | null;
}): boolean {
  const { effect, approvalId, waitedUs } = statement;
  return effect !== null && effect !== "allow" && approvalId === null && waitedUs !== null;
}
