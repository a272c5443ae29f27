"use client";

import { Check, Lock, Undo2, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useShell } from "@/components/shell/shell-context";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Kbd } from "@/components/ui/kbd";
import { errorText, send } from "@/components/ui/send";
import { SHORTCUTS, useShortcut } from "@/components/ui/shortcuts";
import { toast } from "@/components/ui/toaster";
import type { Approved } from "@/lib/approvals/approve";
import type { ReviewSheet } from "@/lib/approvals/review-sheet";
import type { Settled } from "@/lib/approvals/what-became";
import type { Withdrawn } from "@/lib/approvals/withdraw";
import { may } from "@/lib/auth/roles";
import type { Wire } from "@/lib/http/wire";
import { type ApprovalGiven, ApproveDialog } from "./approve-dialog";
import { DenyDialog } from "./deny-dialog";

const BIG = "max-lg:h-12 max-lg:flex-1 max-lg:text-base";

export interface DecideBarProps {
  readonly sheet: Wire<ReviewSheet>;
  /** The keys d and a are the list's while rows are selected in it. */
  readonly keys: boolean;
  /** The person ended the request here. */
  readonly onSettled: (settled: Settled) => void;
  /** Something happened to the request; read it again. */
  readonly onChanged: () => void;
}

/** What this person can do about a request, or why they can not. */
export function DecideBar({ sheet, keys, onSettled, onChanged }: DecideBarProps) {
  const router = useRouter();
  const { person, roles } = useShell();
  const [asking, setAsking] = useState<"approve" | "deny" | "withdraw" | null>(null);
  const { approval, identity, votes, whyNot, comparison } = sheet;
  const name = identity.name ?? approval.identityId;
  const pending = approval.state === "pending";
  const given = votes.filter((vote) => vote.vote === "approve");
  const approvedByMe = given.some((vote) => vote.reviewerId === person.id);
  const decides = pending && whyNot === null;
  const takesBack =
    may(roles, "approvals:withdraw") &&
    (pending ? approvedByMe : sheet.grant === "open" && (approvedByMe || roles.includes("admin")));
  const close = (open: boolean) => {
    if (!open) setAsking(null);
  };
  useShortcut("approval.approve", () => setAsking("approve"), keys && asking === null && decides && !approvedByMe);
  useShortcut("approval.deny", () => setAsking("deny"), keys && asking === null && decides);

  const mine = (state: Settled["state"], note: string): Settled => ({
    id: approval.id,
    state,
    decidedById: person.id,
    decidedByName: person.name,
    note: note === "" ? null : note,
  });

  async function approve({ scope, note, addRule }: ApprovalGiven): Promise<string | null> {
    const sent = await send<Approved>("POST", `/api/approvals/${approval.id}/approve`, { scope, note });
    onChanged();
    if (!sent.ok) return errorText(sent.error);
    if (sent.data.state === "approved") {
      onSettled(mine("approved", note));
    } else {
      toast.success("Your approval counts", `${sent.data.given} of ${sent.data.required} people have approved`);
    }
    if (addRule) router.push(editorAddress(approval.id, comparison?.policy?.id ?? null));
    return null;
  }

  async function deny(reason: string): Promise<string | null> {
    const sent = await send("POST", `/api/approvals/${approval.id}/deny`, { reason });
    onChanged();
    if (!sent.ok) return errorText(sent.error);
    onSettled(mine("denied", reason));
    return null;
  }

  async function withdraw(reason: string): Promise<string | null> {
    const sent = await send<Withdrawn>("POST", `/api/approvals/${approval.id}/withdraw`, { reason });
    onChanged();
    if (!sent.ok) return errorText(sent.error);
    toast.success("Taken back", sent.data.state === "pending" ? "The request still waits" : "Nothing runs by it");
    return null;
  }

  if (pending && whyNot !== null && !takesBack) {
    return (
      <p role="note" className="flex items-center gap-2 text-muted text-sm">
        <Lock aria-hidden className="size-4 shrink-0 text-faint" />
        You can not decide on it: {whyNot}.
      </p>
    );
  }
  return (
    <>
      {decides ? (
        <>
          <Button
            variant="primary"
            size="lg"
            className={BIG}
            disabled={approvedByMe}
            onClick={() => setAsking("approve")}
          >
            <Check aria-hidden />
            {approvedByMe ? "You approved" : "Approve"}
            <Kbd keys={SHORTCUTS["approval.approve"].keys} className="max-lg:hidden" />
          </Button>
          <Button variant="danger-outline" size="lg" className={BIG} onClick={() => setAsking("deny")}>
            <X aria-hidden />
            Deny
            <Kbd keys={SHORTCUTS["approval.deny"].keys} className="max-lg:hidden" />
          </Button>
        </>
      ) : null}
      {takesBack ? (
        <Button size="lg" className={BIG} onClick={() => setAsking("withdraw")}>
          <Undo2 aria-hidden />
          {approvedByMe ? "Take my approval back" : "Withdraw the approval"}
        </Button>
      ) : null}
      <ApproveDialog
        open={asking === "approve"}
        onOpenChange={close}
        identity={name}
        needed={Math.max(1, sheet.required - given.length)}
        offersRule={may(roles, "policies:edit") && comparison?.suggestion.ok === true}
        onApprove={approve}
      />
      <DenyDialog
        open={asking === "deny"}
        onOpenChange={close}
        title={`Deny the statement of ${name}?`}
        onDeny={deny}
      />
      <ConfirmDialog
        open={asking === "withdraw"}
        onOpenChange={close}
        title="Take the approval back?"
        consequences={
          pending
            ? "Your approval no longer counts; the request goes on waiting for others."
            : "What has not run by it yet never will. The client has to ask again."
        }
        action="Take it back"
        askReason
        onConfirm={({ reason }) => withdraw(reason)}
      />
    </>
  );
}

/** The policy editor with the rule that this request suggests. */
export function editorAddress(approvalId: string, policyId: string | null): string {
  return policyId === null ? `/policies/new?approval=${approvalId}` : `/policies/${policyId}?approval=${approvalId}`;
}
