import type { AUDIT_RESULTS, AuditAction } from "@/lib/db/schema/audit-events";

/** What each action is called. */
export const AUDIT_ACTION_LABELS: Readonly<Record<AuditAction, string>> = {
  "login.accepted": "Logged in at the gateway",
  "login.refused": "Login refused at the gateway",
  "session.ended": "Session ended",
  "session.kill_requested": "Asked to kill a session",
  "console.signed_in": "Signed in to the console",
  "console.signed_out": "Signed out of the console",
  "console.refused": "Refused at the console",
  "connection.created": "Created a connection",
  "connection.updated": "Changed a connection",
  "connection.deleted": "Deleted a connection",
  "connection.tested": "Tested a connection",
  "credential.rotated": "Stored a new credential",
  "restricted_credential.rotated": "Stored a new restricted credential",
  "policy.created": "Created a policy",
  "policy.updated": "Changed a policy",
  "policy.deleted": "Deleted a policy",
  "mask.created": "Created a mask",
  "mask.updated": "Changed a mask",
  "mask.deleted": "Deleted a mask",
  "revision.published": "Published a revision",
  "revision.rolled_back": "Rolled back to a revision",
  "approval.requested": "Asked for approval",
  "mask.disagreement": "Server contradicts a mask",
  "finding.accepted": "Masked a suggested column",
  "finding.dismissed": "Dismissed a suggested column",
  "finding.reopened": "Reopened a suggested column",
  "approval.voted": "Approved, with more approvals needed",
  "approval.vote_withdrawn": "Took back an approval that was not complete",
  "approval.approved": "Approved a statement",
  "approval.denied": "Denied a statement",
  "approval.expired": "Approval request expired",
  "approval.withdrawn": "Withdrew an approval",
  "approval.cancelled": "Approval request cancelled",
  "approval.refused": "May not decide on an approval",
  "approval.used": "Used an approval",
  "approval.client_gone": "Client stopped waiting for approval",
  "webhook.created": "Created a webhook",
  "webhook.updated": "Changed a webhook",
  "webhook.deleted": "Deleted a webhook",
  "webhook.tested": "Tested a webhook",
  "webhook.redelivered": "Sent a notification again",
  "identity.suspended": "Suspended an identity",
  "identity.reactivated": "Reactivated an identity",
  "identity.signed_out_everywhere": "Signed out everywhere",
  "identity.owner_changed": "Changed an identity's owner",
  "gateway.started": "Gateway started",
  "gateway.stopped": "Gateway stopped",
  "gateway.lost": "Gateway lost",
};

/** The label of an action as stored: a row of a newer version may hold one this program does not know. */
export function auditActionLabel(action: string): string {
  return Object.hasOwn(AUDIT_ACTION_LABELS, action) ? AUDIT_ACTION_LABELS[action as AuditAction] : action;
}

export const AUDIT_RESULT_LABELS: Readonly<Record<(typeof AUDIT_RESULTS)[number], string>> = {
  ok: "OK",
  refused: "Refused",
  failed: "Failed",
};
