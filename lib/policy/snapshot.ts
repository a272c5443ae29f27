import { asc, eq } from "drizzle-orm";
import type { ConnectionFields, Limits, TlsMode } from "@/lib/connections/model";
import type { Db } from "@/lib/db/client";
import { connections, gatewayFeed, identities, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { Binding } from "./binding";

/** One connection as a gateway uses it; the password stays sealed until a login opens it. */
export interface SnapshotConnection {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly sealedPassword: string;
  readonly tls: TlsMode;
  readonly ca: string | null;
  readonly schema: string | null;
  readonly mode: ConnectionFields["mode"];
  readonly limits: Limits;
  /** Of all its policies together: any match lets an identity in. */
  readonly bindings: readonly Binding[];
}

/** Everything a gateway decides logins with, as of one version of the feed. Immutable; replaced as a whole. */
export interface GatewaySnapshot {
  readonly version: number;
  readonly byName: ReadonlyMap<string, SnapshotConnection>;
  readonly byId: ReadonlyMap<string, SnapshotConnection>;
  readonly suspended: ReadonlySet<string>;
}

/** The feed's version alone: one row by primary key. Throws UNAVAILABLE when the store was never migrated. */
export async function readFeedVersion(db: Pick<Db, "select">): Promise<number> {
  const [row] = await db.select({ version: gatewayFeed.version }).from(gatewayFeed).where(eq(gatewayFeed.id, 1));
  if (row === undefined) {
    throw new SallyportError("UNAVAILABLE", "The store has no gateway feed", { next: "Run: sallyport migrate" });
  }
  return row.version;
}

/** Reads the snapshot in one consistent view of the store. */
export async function loadSnapshot(db: Db): Promise<GatewaySnapshot> {
  return db.transaction(
    async (tx) => {
      const version = await readFeedVersion(tx);
      const rows = await tx.select().from(connections).orderBy(asc(connections.name));
      const bound = await tx
        .select({ connectionId: policies.connectionId, identities: policies.identities })
        .from(policies)
        .orderBy(asc(policies.name));
      const suspended = await tx
        .select({ id: identities.id })
        .from(identities)
        .where(eq(identities.status, "suspended"));
      const listed = rows.map((row): SnapshotConnection => {
        const bindings = bound.filter((one) => one.connectionId === row.id).flatMap((one) => one.identities);
        const { id, name, host, port, user, sealedPassword, tls, ca, schema, mode, limits } = row;
        return { id, name, host, port, user, sealedPassword, tls, ca, schema, mode, limits, bindings };
      });
      return {
        version,
        byName: new Map(listed.map((one) => [one.name, one])),
        byId: new Map(listed.map((one) => [one.id, one])),
        suspended: new Set(suspended.map((one) => one.id)),
      };
    },
    // Not accessMode too: drizzle writes both without the comma that the server wants between them.
    { isolationLevel: "repeatable read", withConsistentSnapshot: true },
  );
}
