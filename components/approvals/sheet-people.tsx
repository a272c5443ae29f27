import Link from "next/link";
import { Card } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import { GRANT_SCOPE_LABELS, GRANT_STATE_LABELS, VOTE_LABELS } from "@/lib/approvals/states";
import type { Wire } from "@/lib/http/wire";
import { ApprovalStateBadge } from "./approval-state-badge";

/** Who decided: on this request, and on its template before. */
export function SheetPeople({ sheet }: { readonly sheet: Wire<ReviewSheet> }) {
  return (
    <div className="grid items-start gap-4 2xl:grid-cols-2">
      <Card title="Votes and grant" headingLevel="h3">
        <Votes sheet={sheet} />
      </Card>
      <Card title="Decided before on this template" headingLevel="h3">
        <History sheet={sheet} />
      </Card>
    </div>
  );
}

function Votes({ sheet }: { readonly sheet: Wire<ReviewSheet> }) {
  const { approval, votes, required, grant, settings } = sheet;
  const given = votes.filter((vote) => vote.vote === "approve").length;
  const groups = settings?.reviewers ?? [];
  return (
    <div className="flex flex-col gap-2">
      <p>
        <strong className="tabular-nums">
          {given} of {required}
        </strong>{" "}
        {required === 1 ? "approval" : "approvals"}
        <span className="text-muted">
          {groups.length === 0 ? "; any reviewer decides" : `; reviewers are in ${groups.join(" or ")}`}
        </span>
      </p>
      <ul className="flex flex-col gap-1">
        {votes.map((vote) => (
          <li key={vote.id} className="text-sm">
            <span className="font-medium">{vote.reviewerName}</span> {VOTE_LABELS[vote.vote].toLowerCase()}{" "}
            {vote.scope === null ? null : (
              <span className="text-muted">
                ({vote.scope === "minutes" ? `for ${vote.minutes} min` : GRANT_SCOPE_LABELS[vote.scope].toLowerCase()}){" "}
              </span>
            )}
            <span className="text-faint">
              <Time value={vote.at} />
            </span>
            {vote.note === null ? null : <p className="break-words text-muted">“{vote.note}”</p>}
          </li>
        ))}
      </ul>
      {approval.grantScope === null || approval.grantUntil === null ? null : (
        <p className="text-muted">
          Grant: {GRANT_SCOPE_LABELS[approval.grantScope].toLowerCase()}, until{" "}
          <Time value={approval.grantUntil} mode="absolute" />. {GRANT_STATE_LABELS[grant]}
          {approval.grantUses === 0 ? "" : `, ${approval.grantUses} ${approval.grantUses === 1 ? "time" : "times"}`}.
        </p>
      )}
    </div>
  );
}

function History({ sheet }: { readonly sheet: Wire<ReviewSheet> }) {
  const { counts, newest } = sheet.template;
  const others = newest.filter((one) => one.id !== sheet.approval.id);
  if (others.length === 0) return <p className="text-muted">Nobody has decided on a statement like it yet.</p>;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-muted">
        {counts.approved} approved, {counts.denied} denied, {counts.expired} expired.{" "}
        <Link
          href={`/approvals/history?template=${sheet.approval.templateHash}`}
          className="text-accent-text underline underline-offset-4"
        >
          All of them
        </Link>
      </p>
      <ul className="flex flex-col">
        {others.slice(0, 6).map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-2 border-t py-1 first:border-t-0">
            <ApprovalStateBadge state={one.state} />
            <Link
              href={`/approvals/${one.id}`}
              className="inline-flex min-h-6 min-w-0 flex-1 items-center hover:underline"
            >
              {one.decidedByName ?? "nobody"}, for {one.identityName ?? one.identityId}
            </Link>
            <span className="text-faint text-xs">
              <Time value={one.decidedAt ?? one.requestedAt} />
            </span>
            {one.decisionNote === null ? null : (
              <p className="w-full break-words text-muted text-xs">“{one.decisionNote}”</p>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
