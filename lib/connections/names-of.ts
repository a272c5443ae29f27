import { and, eq, inArray } from "drizzle-orm";
import type { DbOrTx } from "@/lib/db/client";
import { auditEvents, connections } from "@/lib/db/schema";

/** A connection as what refers to it: by its id for good, by its name until it is renamed. */
export interface ConnectionRef {
  readonly id: string;
  readonly name: string;
}

/**
 * All names that the connection has had, its present one first: the record names it as it was called then, and sessions that outlive a
 * renaming go on with the old name. Another connection may have had one of them before or since: only `connection_id` tells them apart.
 */
export async function namesOf(db: DbOrTx, { id, name }: ConnectionRef): Promise<readonly string[]> {
  const events = await db
    .selectDistinct({ name: auditEvents.connectionName })
    .from(auditEvents)
    .where(
      and(eq(auditEvents.objectId, id), inArray(auditEvents.action, ["connection.created", "connection.updated"])),
    );
  return [...new Set([name, ...events.flatMap((event) => event.name ?? [])])];
}

/** The same by its present name; of a name that no connection has, the name alone. */
export async function namesOfNamed(db: DbOrTx, name: string): Promise<readonly string[]> {
  const [row] = await db.select({ id: connections.id }).from(connections).where(eq(connections.name, name));
  return row === undefined ? [name] : namesOf(db, { id: row.id, name });
}
