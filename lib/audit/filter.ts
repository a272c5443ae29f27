import { z } from "zod";
import { AUDIT_ACTIONS, AUDIT_RESULTS } from "@/lib/db/schema/audit-events";
import { timeRangeFields } from "@/lib/db/time-range";
import { ulidText } from "@/lib/db/ulid-bounds";

/** What actions are about: their words before the dot. */
export const AUDIT_GROUPS = [...new Set(AUDIT_ACTIONS.map((action) => action.slice(0, action.indexOf("."))))];

/** What the audit trail can be narrowed to. Every field is optional; together they all must hold. */
export const auditFilter = z.strictObject({
  action: z.enum(AUDIT_ACTIONS).optional(),
  /** What an action is about, e.g. "connection" of "connection.updated". */
  group: z.enum(AUDIT_GROUPS).optional(),
  result: z.enum(AUDIT_RESULTS).optional(),
  /** Id of the identity that acted. */
  actor: ulidText.optional(),
  /** The connection's name. */
  connection: z.string().min(1).max(32).optional(),
  /** The kind of the object, e.g. "policy". */
  objectKind: z.string().min(1).max(32).optional(),
  /** Id of the object. */
  object: z.string().min(1).max(64).optional(),
  /** The address it came from, or how that begins. */
  address: z.string().min(1).max(64).optional(),
  /** A part of the actor's name, the object's name, the message, the code or the address. */
  q: z.string().min(1).max(200).optional(),
  ...timeRangeFields,
});
export type AuditFilter = z.output<typeof auditFilter>;
