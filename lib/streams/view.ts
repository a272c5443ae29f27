import { eventStreams } from "@/lib/db/schema";

/** What pages may see of a stream: everything but the secret. */
export const streamColumns = {
  id: eventStreams.id,
  name: eventStreams.name,
  url: eventStreams.url,
  statements: eventStreams.statements,
  enabled: eventStreams.enabled,
  sentEvents: eventStreams.sentEvents,
  lastSentAt: eventStreams.lastSentAt,
  failures: eventStreams.failures,
  failingSince: eventStreams.failingSince,
  lastError: eventStreams.lastError,
  nextAttemptAt: eventStreams.nextAttemptAt,
  version: eventStreams.version,
  createdAt: eventStreams.createdAt,
  updatedAt: eventStreams.updatedAt,
  updatedBy: eventStreams.updatedBy,
};
export type StreamView = Omit<typeof eventStreams.$inferSelect, "sealedSecret">;

/** What the audit trail keeps of an address: its path and query may hold a credential. */
export const auditedAddress = (url: string | null) =>
  url === null ? "the file of AUDIT_STREAM_FILE" : new URL(url).origin;

/** What there is to say of a stream, the worst first. */
export const STREAM_STATES = ["failing", "behind", "current", "paused"] as const;
export type StreamState = (typeof STREAM_STATES)[number];

export const STREAM_STATE_LABELS: Readonly<Record<StreamState, string>> = {
  failing: "Failing",
  behind: "Catching up",
  current: "Up to date",
  paused: "Paused",
};

/** `batches`: how many it is behind. */
export function streamState(stream: Pick<StreamView, "enabled" | "failures">, batches: number): StreamState {
  if (!stream.enabled) return "paused";
  if (stream.failures > 0) return "failing";
  return batches > 0 ? "behind" : "current";
}
