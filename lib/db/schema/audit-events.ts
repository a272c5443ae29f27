import { index, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant, json } from "../columns";

export const AUDIT_ACTIONS = [
  "login.accepted",
  "login.refused",
  "session.ended",
  "session.kill_requested",
  "console.signed_in",
  "console.signed_out",
  "console.refused",
  "connection.created",
  "connection.updated",
  "connection.deleted",
  "connection.tested",
  "credential.rotated",
  "restricted_credential.rotated",
  "policy.created",
  "policy.updated",
  "policy.deleted",
  "mask.created",
  "mask.updated",
  "mask.deleted",
  "revision.published",
  "revision.rolled_back",
  "approval.requested",
  "mask.disagreement",
  "finding.accepted",
  "finding.dismissed",
  "finding.reopened",
  "approval.voted",
  "approval.vote_withdrawn",
  "approval.approved",
  "approval.denied",
  "approval.expired",
  "approval.withdrawn",
  "approval.cancelled",
  "approval.refused",
  "approval.used",
  "approval.client_gone",
  "webhook.created",
  "webhook.updated",
  "webhook.deleted",
  "webhook.tested",
  "webhook.redelivered",
  "identity.suspended",
  "identity.reactivated",
  "identity.signed_out_everywhere",
  "identity.owner_changed",
  "gateway.started",
  "gateway.stopped",
  "gateway.lost",
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
export const AUDIT_RESULTS = ["ok", "refused", "failed"] as const;
export const ACTOR_KINDS = ["person", "machine", "system"] as const;

/** Who did what to which object, with which result. Append only. */
export const auditEvents = mysqlTable(
  "audit_events",
  {
    id: asciiId("id").primaryKey(),
    at: instant("at").notNull(),
    /** One of AUDIT_ACTIONS; text, so that a new action needs no migration. */
    action: varchar("action", { length: 40 }).$type<AuditAction>().notNull(),
    result: mysqlEnum("result", AUDIT_RESULTS).notNull(),
    actorKind: mysqlEnum("actor_kind", ACTOR_KINDS).notNull(),
    actorId: asciiId("actor_id"),
    actorName: varchar("actor_name", { length: 255 }).notNull(),
    objectKind: varchar("object_kind", { length: 32 }),
    objectId: exactText("object_id", { length: 64 }),
    objectName: varchar("object_name", { length: 255 }),
    connectionName: exactText("connection_name", { length: 32 }),
    address: varchar("address", { length: 64 }),
    /** The error registry's code, for refusals and failures. */
    code: varchar("code", { length: 40 }),
    message: varchar("message", { length: 1000 }),
    /** Before and after of a change, never a secret. */
    detail: json<Record<string, unknown>>("detail").notNull(),
  },
  (t) => [
    index("audit_events_action").on(t.action, t.id),
    index("audit_events_actor").on(t.actorId, t.id),
    index("audit_events_connection").on(t.connectionName, t.id),
    // The history of one object.
    index("audit_events_object").on(t.objectId, t.id),
    index("audit_events_at").on(t.at, t.id),
  ],
);
