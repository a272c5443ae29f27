/** What pages can be told about: something of it changed in the store. */
export const LIVE_TOPICS = [
  "statements",
  "sessions",
  "approvals",
  "audit",
  "connections",
  "identities",
  "gateways",
] as const;
export type LiveTopic = (typeof LIVE_TOPICS)[number];
