import { connections } from "@/lib/db/schema";

/** The columns that may leave the store: everything but the sealed passwords. No page ever selects more. */
export const publicColumns = {
  id: connections.id,
  name: connections.name,
  host: connections.host,
  port: connections.port,
  user: connections.user,
  restrictedUser: connections.restrictedUser,
  tls: connections.tls,
  ca: connections.ca,
  schema: connections.schema,
  mode: connections.mode,
  limits: connections.limits,
  approvals: connections.approvals,
  recording: connections.recording,
  version: connections.version,
  createdAt: connections.createdAt,
  updatedAt: connections.updatedAt,
  updatedBy: connections.updatedBy,
};

/** A connection as people may see it. The type has no place for a secret. */
export type ConnectionView = Pick<typeof connections.$inferSelect, keyof typeof publicColumns>;
