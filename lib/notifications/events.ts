import type { ApprovalState, GrantScope, HoldState } from "@/lib/approvals/states";

/** What webhooks can be told about. */
export const WEBHOOK_EVENTS = [
  "approval.requested",
  "approval.approved",
  "approval.denied",
  "approval.expired",
] as const;
/** `webhook.test` goes to one webhook on request and can not be subscribed to. */
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number] | "webhook.test";

export const WEBHOOK_EVENT_LABELS: Readonly<Record<WebhookEvent, string>> = {
  "approval.requested": "Approval requested",
  "approval.approved": "Approved",
  "approval.denied": "Denied",
  "approval.expired": "Expired undecided",
  "webhook.test": "Test",
};

/** `generic`: the event as JSON. `slack`: `{"text": ...}`, which Slack and compatible chat servers take. */
export const WEBHOOK_FORMATS = ["generic", "slack"] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

export const WEBHOOK_FORMAT_LABELS: Readonly<Record<WebhookFormat, string>> = {
  generic: "JSON",
  slack: "Slack-compatible text",
};

/** `dead`: every attempt failed; it can be sent again by hand. */
export const DELIVERY_STATES = ["pending", "delivered", "dead"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const DELIVERY_STATE_LABELS: Readonly<Record<DeliveryState, string>> = {
  pending: "Waiting",
  delivered: "Delivered",
  dead: "Given up",
};

/** What a message says of an approval. The statement goes out without its values: they may be anybody's data. */
export interface ApprovalFacts {
  readonly id: string;
  readonly state: ApprovalState;
  readonly connection: string;
  readonly identity: string;
  readonly statementClass: string;
  /** The statement with `?` for its values; null when it can not be taken apart. */
  readonly template: string | null;
  readonly policy: string | null;
  readonly rule: string | null;
  readonly reason: string;
  readonly hold: HoldState;
  readonly requestedAt: string;
  readonly expiresAt: string;
  readonly required: number;
  readonly decidedBy: string | null;
  readonly decisionNote: string | null;
  readonly grant: GrantScope | null;
}

/** A message as it is kept; times are ISO 8601. The link is added when it is sent. */
export interface EventPayload {
  readonly type: WebhookEvent;
  readonly timestamp: string;
  readonly approval: ApprovalFacts | null;
}
