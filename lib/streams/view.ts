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
