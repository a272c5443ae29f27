import { asc, eq } from "drizzle-orm";
import { stringify } from "yaml";
import type { DbOrTx } from "@/lib/db/client";
import { connections, policies } from "@/lib/db/schema";
import type { ConfigurationFile, ConnectionEntry, PolicyEntry } from "./file-schema";
import { contentOf } from "./policy-columns";

/** The environment variable that an exported connection names as its password, and that `apply` may leave unset to keep the stored one. */
export function passwordPlaceholder(connectionName: string): string {
  return `SALLYPORT_${connectionName.toUpperCase().replaceAll("-", "_")}_PASSWORD`;
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
  return {
    version: 1,
    connections: rows.map(connectionDocument),
    masks: [],
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
  const { version, connections: listed, masks, policies: bound } = document;
  return stringify(
    { version, connections: listed, ...(masks.length === 0 ? {} : { masks }), policies: bound },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
