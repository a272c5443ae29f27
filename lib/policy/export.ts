import { asc, eq } from "drizzle-orm";
import { stringify } from "yaml";
import type { DbOrTx } from "@/lib/db/client";
import { connections, masks, policies } from "@/lib/db/schema";
import { contentOf as maskContentOf } from "@/lib/masks/mask-columns";
import type { ConfigurationFile, ConnectionEntry, MaskEntry, PolicyEntry } from "./file-schema";
import { contentOf } from "./policy-columns";

/** The environment variable that an exported connection names as its password, and that `apply` may leave unset to keep the stored one. */
export function passwordPlaceholder(connectionName: string): string {
  return `SALLYPORT_${connectionName.toUpperCase().replaceAll("-", "_")}_PASSWORD`;
}

/** The same for the connection's restricted account. */
export function restrictedPlaceholder(connectionName: string): string {
  return passwordPlaceholder(`${connectionName}_restricted`);
}

/**
 * The current configuration as the document of the configuration file, ordered by name, without any secret.
 * `lock` reads with row locks, so that within a transaction it sees what others committed meanwhile.
 */
export async function exportDocument(db: DbOrTx, how: "read" | "lock"): Promise<ConfigurationFile> {
  const all = db.select().from(connections).orderBy(asc(connections.name));
  const rows = how === "lock" ? await all.for("update") : await all;
  const bindings = db
    .select({ policy: policies, connection: connections.name })
    .from(policies)
    .innerJoin(connections, eq(policies.connectionId, connections.id))
    .orderBy(asc(policies.name));
  const bound = how === "lock" ? await bindings.for("update") : await bindings;
  const hidden = db
    .select({ mask: masks, connection: connections.name })
    .from(masks)
    .innerJoin(connections, eq(masks.connectionId, connections.id))
    .orderBy(asc(connections.name), asc(masks.column));
  const masked = how === "lock" ? await hidden.for("update") : await hidden;
  return {
    version: 1,
    connections: rows.map(connectionDocument),
    masks: masked.map(({ mask, connection }): MaskEntry => ({ connection, ...maskContentOf(mask) })),
    policies: bound.map(
      ({ policy, connection }): PolicyEntry => ({ name: policy.name, connection, ...contentOf(policy) }),
    ),
  };
}

function connectionDocument(row: typeof connections.$inferSelect): ConnectionEntry {
  return {
    name: row.name,
    host: row.host,
    port: row.port,
    user: row.user,
    password: { env: passwordPlaceholder(row.name) },
    ...(row.restrictedUser === null
      ? {}
      : { restricted: { user: row.restrictedUser, password: { env: restrictedPlaceholder(row.name) } } }),
    tls: row.tls,
    ...(row.ca === null ? {} : { ca: row.ca }),
    ...(row.schema === null ? {} : { schema: row.schema }),
    mode: row.mode,
    approvals: row.approvals,
    limits: row.limits,
    recording: row.recording,
    catalogue: row.catalogue,
  };
}

/** The document as YAML text, as `export` prints it and revisions keep it. */
export function documentToYaml(document: ConfigurationFile): string {
  const { version, connections: listed, masks: masked, policies: bound } = document;
  return stringify(
    { version, connections: listed, ...(masked.length === 0 ? {} : { masks: masked }), policies: bound },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
