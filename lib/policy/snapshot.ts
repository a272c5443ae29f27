import { asc, eq } from "drizzle-orm";
import type {
  ApprovalSettings,
  CatalogueSettings,
  ConnectionFields,
  Limits,
  RecordingSettings,
  TlsMode,
} from "@/lib/connections/model";
import type { Db } from "@/lib/db/client";
import { connections, gatewayFeed, identities, masks, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { Mask } from "@/lib/masking/mask";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import type { Binding } from "./binding";
import { type BoundPolicy, readStoredPolicy } from "./stored-policy";

/** One connection as a gateway uses it; the passwords stay sealed until a login opens them. */
export interface SnapshotConnection {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly sealedPassword: string;
  /** The second account, without privileges on masked columns; its password is sealed for a context of its own. */
  readonly restricted: { readonly user: string; readonly sealedPassword: string } | null;
  readonly tls: TlsMode;
  readonly ca: string | null;
  readonly schema: string | null;
  readonly mode: ConnectionFields["mode"];
  readonly limits: Limits;
  readonly approvals: ApprovalSettings;
  readonly recording: RecordingSettings;
  readonly catalogue: CatalogueSettings;
  /** In the order of their columns' texts; `compileMasks` tells which of them counts for a column. */
  readonly masks: readonly Mask[];
  /** In the order of their names; `policiesFor` tells which of them an identity has. */
  readonly policies: readonly BoundPolicy[];
  /** Of all its policies together: any match lets an identity in. */
  readonly bindings: readonly Binding[];
}

export type Unreadable =
  | { readonly policy: string; readonly problem: string }
  | { readonly mask: string; readonly connection: string; readonly problem: string };

/** Everything a gateway decides logins and statements with, as of one version of the feed. Immutable; replaced as a whole. */
export interface GatewaySnapshot {
  readonly version: number;
  readonly byName: ReadonlyMap<string, SnapshotConnection>;
  readonly byId: ReadonlyMap<string, SnapshotConnection>;
  readonly suspended: ReadonlySet<string>;
  /**
   * What is stored and this version can not read, for the log: such a policy denies everything to whom it binds, because of such a mask
   * everything on its connection is masked.
   */
  readonly unreadable: readonly Unreadable[];
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
      const stored = await tx.select().from(policies).orderBy(asc(policies.name));
      const read = stored.map((row) => ({ connectionId: row.connectionId, ...readStoredPolicy(row) }));
      const hidden = await tx.select().from(masks).orderBy(asc(masks.column));
      const masked = new Map(
        rows.map(({ id }) => [id, readStoredMasks(hidden.filter((one) => one.connectionId === id))]),
      );
      const suspended = await tx
        .select({ id: identities.id })
        .from(identities)
        .where(eq(identities.status, "suspended"));
      const listed = rows.map((row): SnapshotConnection => {
        const bound = read.filter((one) => one.connectionId === row.id).map((one) => one.bound);
        const bindings = bound.flatMap((one) => one.policy.identities);
        const { id, name, host, port, user, sealedPassword, tls, ca, schema, mode, limits, approvals } = row;
        const { recording, catalogue, restrictedUser, sealedRestrictedPassword } = row;
        const restricted =
          restrictedUser === null || sealedRestrictedPassword === null
            ? null
            : { user: restrictedUser, sealedPassword: sealedRestrictedPassword };
        const upstream = { host, port, user, sealedPassword, restricted, tls, ca, schema };
        const decided = { masks: masked.get(id)?.masks ?? [], policies: bound, bindings };
        return { id, name, ...upstream, mode, limits, approvals, recording, catalogue, ...decided };
      });
      return {
        version,
        byName: new Map(listed.map((one) => [one.name, one])),
        byId: new Map(listed.map((one) => [one.id, one])),
        suspended: new Set(suspended.map((one) => one.id)),
        unreadable: [
          ...read.flatMap(({ bound, problem }) => (problem === null ? [] : [{ policy: bound.policy.name, problem }])),
          ...rows.flatMap(({ id, name: connection }) =>
            (masked.get(id)?.unreadable ?? []).map(({ column, problem }) => ({ mask: column, connection, problem })),
          ),
        ],
      };
    },
    // Not accessMode too: drizzle writes both without the comma that the server wants between them.
    { isolationLevel: "repeatable read", withConsistentSnapshot: true },
  );
}
