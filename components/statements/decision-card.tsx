import Link from "next/link";
import { EffectBadge } from "@/components/policies/effect-badge";
import type { StatementDetail } from "@/lib/statements/get";
import { onlyObserved } from "@/lib/statements/only-observed";

const LINK = "inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline";

export type DecidedStatement = Pick<
  StatementDetail,
  "id" | "effect" | "policyName" | "ruleName" | "decisionReason" | "approvalId" | "waitedUs"
>;

/** What the policies said of a statement, and where to look into it. */
export function DecisionCard({ statement: s }: { readonly statement: DecidedStatement }) {
  if (s.effect === null) {
    return (
      <p className="text-faint text-sm">
        No decision is recorded: it did not need one, or an older version let it through.
      </p>
    );
  }
  return (
    <section aria-label="Decision" className="flex min-w-0 flex-col gap-1.5 rounded-md border p-3 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <EffectBadge effect={s.effect} />
        {s.decisionReason === null ? null : (
          <span className="min-w-0 break-words first-letter:uppercase">{s.decisionReason}</span>
        )}
      </p>
      {onlyObserved(s) ? (
        <p className="text-warn text-xs">It ran all the same: the connection only observed at that time.</p>
      ) : null}
      <p className="flex flex-wrap items-center gap-x-3 text-xs">
        {s.approvalId === null ? null : (
          <Link className={LINK} href={`/approvals/${s.approvalId}`}>
            The request for approval
          </Link>
        )}
        {s.policyName === null ? null : (
          <Link className={LINK} href={`/policies/${encodeURIComponent(s.policyName)}`}>
            Policy {s.policyName}
          </Link>
        )}
        {s.ruleName === null || s.policyName === null ? null : (
          <Link
            className={LINK}
            href={`/statements?policy=${encodeURIComponent(s.policyName)}&rule=${encodeURIComponent(s.ruleName)}`}
          >
            All that rule {s.ruleName} decided
          </Link>
        )}
        {s.policyName === null ? null : (
          <Link className={LINK} href={`/policies/${encodeURIComponent(s.policyName)}?try=${s.id}`}>
            Try this statement
          </Link>
        )}
      </p>
    </section>
  );
}
