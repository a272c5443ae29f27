import Link from "next/link";
import { EffectBadge } from "@/components/policies/effect-badge";
import { CopyId } from "@/components/ui/copy-button";
import type { StatementDetail } from "@/lib/statements/get";

const LINK = "inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline";

export type DecidedStatement = Pick<
  StatementDetail,
  "id" | "effect" | "policyName" | "ruleName" | "decisionReason" | "approvalId" | "errorNumber"
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
  const ran = s.effect !== "allow" && s.errorNumber === null;
  return (
    <section aria-label="Decision" className="flex min-w-0 flex-col gap-1.5 rounded-md border p-3 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <EffectBadge effect={s.effect} />
        {s.decisionReason === null ? null : (
          <span className="min-w-0 break-words first-letter:uppercase">{s.decisionReason}</span>
        )}
      </p>
      {ran ? (
        <p className="text-warn text-xs">It ran all the same: the connection only observed at that time.</p>
      ) : null}
      {s.approvalId === null ? null : (
        <p className="flex flex-wrap items-center gap-1.5 text-muted text-xs">
          It asked for an approval: <CopyId value={s.approvalId} />. Approvals can not be given in this version of the
          console; the request is recorded and expires.
        </p>
      )}
      <p className="flex flex-wrap items-center gap-x-3 text-xs">
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
