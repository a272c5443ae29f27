/** What becomes of a request for approval: the state machine, its words, and nothing else. */
export const APPROVAL_STATES = ["pending", "approved", "denied", "expired", "cancelled"] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/**
 * Where each state may go. `approved` to `cancelled` is a withdrawal before use; every other state but `pending` is final.
 * Approved requests that nobody used stay approved: their grant ends by itself.
 */
export const TRANSITIONS: Readonly<Record<ApprovalState, readonly ApprovalState[]>> = {
  pending: ["approved", "denied", "expired", "cancelled"],
  approved: ["cancelled"],
  denied: [],
  expired: [],
  cancelled: [],
};

/** Whether the state machine has this step. */
export function isLegal(from: ApprovalState, to: ApprovalState): boolean {
  return TRANSITIONS[from].includes(to);
}

export const APPROVAL_STATE_LABELS: Readonly<Record<ApprovalState, string>> = {
  pending: "Pending",
  approved: "Approved",
  denied: "Denied",
  expired: "Expired",
  cancelled: "Withdrawn",
};

/** `held`: a client waits on its open connection. `retry_only`: nobody waits; an approval serves the next identical attempt. */
export const HOLD_STATES = ["held", "retry_only"] as const;
export type HoldState = (typeof HOLD_STATES)[number];

export const HOLD_STATE_LABELS: Readonly<Record<HoldState, string>> = {
  held: "Client is waiting",
  retry_only: "For a retry",
};

/** What an approval lets run: this statement once, or its template for the session or for some minutes. */
export const GRANT_SCOPES = ["once", "session", "minutes"] as const;
export type GrantScope = (typeof GRANT_SCOPES)[number];

export const GRANT_SCOPE_LABELS: Readonly<Record<GrantScope, string>> = {
  once: "Once",
  session: "For this session",
  minutes: "For a time",
};

export const VOTES = ["approve", "deny", "withdrawn"] as const;
export type Vote = (typeof VOTES)[number];

export const VOTE_LABELS: Readonly<Record<Vote, string>> = {
  approve: "Approved",
  deny: "Denied",
  withdrawn: "Took the approval back",
};

/** What is left of an approval. `none`: it never gave a grant. */
export const GRANT_STATES = ["none", "open", "used", "ended", "withdrawn"] as const;
export type GrantState = (typeof GRANT_STATES)[number];

export const GRANT_STATE_LABELS: Readonly<Record<GrantState, string>> = {
  none: "No grant",
  open: "Can be used",
  used: "Used",
  ended: "Ended",
  withdrawn: "Withdrawn",
};

/** The grant's state at `now`; a scoped grant stays open however often it was used, until its end. */
export function grantState(
  row: {
    readonly state: ApprovalState;
    readonly grantScope: GrantScope | null;
    readonly grantUntil: Date | null;
    readonly grantUses: number;
  },
  now: Date,
): GrantState {
  if (row.grantScope === null || row.grantUntil === null) return "none";
  if (row.state !== "approved") return "withdrawn";
  if (row.grantScope === "once" && row.grantUses > 0) return "used";
  return row.grantUntil <= now ? "ended" : "open";
}
