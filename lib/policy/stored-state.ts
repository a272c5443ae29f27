import { asc, eq } from "drizzle-orm";
import { type CatalogueState, loadCatalogue } from "@/lib/catalogue/store";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks, policies } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { Mask } from "@/lib/masking/mask";
import { readStoredMasks } from "@/lib/masks/stored-masks";
import type { Policy } from "./rule";
import { type BoundPolicy, readStoredPolicy } from "./stored-policy";

type ConnectionRow = typeof connections.$inferSelect;

/** Policies that nobody has published. */
export interface PolicyDrafts {
  /** Each takes the place of the stored one of its name. */
  readonly policies: readonly Policy[];
  /** Stored policies to leave out beside those, or all of them. */
  readonly without: "all" | readonly string[];
}

/** The connection of that name. Throws NOT_FOUND. */
export async function storedConnection(db: DbOrTx, name: string): Promise<ConnectionRow> {
  const [connection] = await db.select().from(connections).where(eq(connections.name, name));
  if (connection !== undefined) return connection;
  throw new SallyportError("NOT_FOUND", `There is no connection ${name}`, {
    next: "Look at the list of connections for its name",
  });
}

/** The connection's schema as gateways last read it. Throws UNAVAILABLE while none has. */
export async function knownCatalogue(
  db: DbOrTx,
  connection: Pick<ConnectionRow, "id" | "name">,
): Promise<NonNullable<CatalogueState["known"]> & Pick<CatalogueState, "checkedAt" | "lastError">> {
  const { known, checkedAt, lastError } = await loadCatalogue(db, connection.id);
  if (known !== null) return { ...known, checkedAt, lastError };
  const why = lastError === null ? "" : `: ${lastError}`;
  throw new SallyportError("UNAVAILABLE", `The schema of ${connection.name} is not known yet${why}`, {
    next: "Start a gateway: it reads the upstream's schema within seconds",
  });
}

/** All masks of the connection, as gateways hold them. */
export async function storedMasks(db: DbOrTx, connectionId: string): Promise<readonly Mask[]> {
  const rows = await db.select().from(masks).where(eq(masks.connectionId, connectionId)).orderBy(asc(masks.column));
  return readStoredMasks(rows).masks;
}

/** All policies of the connection, as gateways hold them. */
export async function storedPolicies(db: DbOrTx, connectionId: string): Promise<readonly BoundPolicy[]> {
  const rows = await db.select().from(policies).where(eq(policies.connectionId, connectionId));
  return rows.map((row) => readStoredPolicy(row).bound).sort(byName);
}

/** Stored policies and drafts in the order of their names, as a gateway would have them. Pure. */
export function withDrafts(
  stored: readonly BoundPolicy[],
  { policies: drafts, without }: PolicyDrafts,
): readonly BoundPolicy[] {
  const replaced = new Set([...drafts.map(({ name }) => name), ...(without === "all" ? [] : without)]);
  return [
    ...(without === "all" ? [] : stored.filter(({ policy }) => !replaced.has(policy.name))),
    ...drafts.map((policy) => ({ policy, bindsEverybody: false })),
  ].sort(byName);
}

/** The order of the store's binary collation: by UTF-8 bytes. */
function byName(a: BoundPolicy, b: BoundPolicy): number {
  return Buffer.compare(Buffer.from(a.policy.name), Buffer.from(b.policy.name));
}
