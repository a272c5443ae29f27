"use client";

import { Eye } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useShell } from "@/components/shell/shell-context";
import { Badge } from "@/components/ui/badge";
import { Facts } from "@/components/ui/card";
import { Time } from "@/components/ui/time";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import { HOLD_STATE_LABELS } from "@/lib/approvals/states";
import type { Wire } from "@/lib/http/wire";
import { ApprovalStateBadge, settledText } from "./approval-state-badge";
import { Countdown } from "./countdown";

const LINK = "text-accent-text underline underline-offset-4";

/** Who asks for what, where and why, and how long there is. `heading`: the element of the title. */
export function SheetHead({
  sheet,
  offset,
  heading,
}: {
  readonly sheet: Wire<ReviewSheet>;
  readonly offset: number;
  readonly heading: (title: string) => ReactNode;
}) {
  const { pages, person } = useShell();
  const { approval, identity, lookers } = sheet;
  const name = identity.name ?? approval.identityId;
  const seesIdentities = pages.some((page) => page.path === "/identities");
  const now = new Date(sheet.now).getTime();
  const until = approval.holdUntil === null ? 0 : new Date(approval.holdUntil).getTime();
  const waiting = approval.holdState === "held" && until > now;
  const { state } = approval;
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {heading(`${name}: ${approval.statementClass.replaceAll("_", " ")} on ${approval.connectionName}`)}
        <ApprovalStateBadge state={state} />
        {state === "pending" ? (
          <Countdown
            deadline={waiting && approval.holdUntil !== null ? approval.holdUntil : approval.expiresAt}
            waiting={waiting}
            offset={offset}
            className="text-base"
          />
        ) : null}
        {lookers.length === 0 ? null : (
          <Badge tone="info">
            <Eye aria-hidden />
            {lookers.join(", ")} {lookers.length === 1 ? "is" : "are"} looking
          </Badge>
        )}
      </div>
      {state === "pending" ? null : (
        <p role="status" className="rounded-md bg-hover px-3 py-2">
          {settledText({ ...approval, state }, person.id)}
          {approval.decidedAt === null ? null : (
            <>
              {" "}
              <Time value={approval.decidedAt} />
            </>
          )}
          {approval.decisionNote === null ? "." : `: “${approval.decisionNote}”`}
        </p>
      )}
      <Facts
        items={[
          {
            key: "identity",
            name: "Identity",
            value: (
              <>
                {seesIdentities ? (
                  <Link href={`/identities/${approval.identityId}`} className={LINK}>
                    {name}
                  </Link>
                ) : (
                  name
                )}
                {identity.kind === "machine" ? (
                  <span className="text-muted">
                    {identity.owner === null
                      ? ", a machine without an owner"
                      : `, owned by ${identity.owner.name ?? identity.owner.id}`}
                  </span>
                ) : null}
                {identity.suspended ? (
                  <Badge tone="danger" className="ml-2">
                    suspended
                  </Badge>
                ) : null}
              </>
            ),
          },
          { key: "program", name: "Program", value: approval.clientProgram ?? "not known" },
          {
            key: "why",
            name: "Asked because",
            value: (
              <>
                {approval.reason}
                {approval.policyName === null ? null : (
                  <span className="text-muted"> (policy {approval.policyName})</span>
                )}
              </>
            ),
          },
          {
            key: "hold",
            name: "Client",
            value: (
              <>
                {state === "pending"
                  ? waiting
                    ? HOLD_STATE_LABELS.held
                    : "No longer waits: an approval serves the next identical attempt"
                  : "–"}
                <span className="text-muted">
                  ; asked <Time value={approval.requestedAt} />
                </span>
              </>
            ),
          },
        ]}
      />
    </header>
  );
}
