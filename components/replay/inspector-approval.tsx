import Link from "next/link";
import { ApprovalStateBadge } from "@/components/approvals/approval-state-badge";
import { Badge } from "@/components/ui/badge";
import { formatDuration } from "@/components/ui/format-time";
import { APPROVAL_STATES } from "@/lib/approvals/states";
import type { ReplayApproval } from "@/lib/recordings/replay-model";

/** Who was asked, how long the client waited, and who decided what and why. */
export function InspectorApproval({ approval }: { readonly approval: ReplayApproval }) {
  const { id, decidedUs, requestedUs, reviewers } = approval;
  const state = APPROVAL_STATES.find((one) => one === approval.state);
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        {state === undefined ? <Badge>{approval.state}</Badge> : <ApprovalStateBadge state={state} />}
        <span className="text-muted text-xs">
          {decidedUs === null
            ? "nobody has decided"
            : `decided after ${formatDuration((decidedUs - requestedUs) / 1000)}`}
        </span>
      </p>
      <ul className="flex flex-col gap-1">
        {reviewers.map((one) => (
          <li key={one.name} className="break-words">
            <span className="font-medium">{one.name}</span> <span className="text-muted">{one.decision}</span>
            {one.reason === null ? null : <span className="text-muted">: “{one.reason}”</span>}
          </li>
        ))}
      </ul>
      <Link
        className="inline-flex min-h-6 items-center text-accent-text text-xs underline-offset-4 hover:underline"
        href={`/approvals/${id}`}
      >
        The request
      </Link>
    </>
  );
}
