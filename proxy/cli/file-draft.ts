import type { DbOrTx } from "@/lib/db/client";
import type { ConfigurationFile } from "@/lib/policy/file-schema";
import { type ImpactDraft, masksWith } from "@/lib/policy/impact/draft";
import { storedConnection, storedMasks } from "@/lib/policy/stored-state";

/**
 * What applying a file would make of one connection, as a draft: what the file does not name stays, unless it is pruned. Throws NOT_FOUND
 * for an unknown connection.
 */
export async function fileDraft(
  db: DbOrTx,
  { connections, policies, masks }: ConfigurationFile,
  connection: string,
  prune: boolean,
): Promise<ImpactDraft> {
  const { id } = await storedConnection(db, connection);
  const own = policies.filter((one) => one.connection === connection);
  // A policy is found by its name, and may have been another connection's.
  const elsewhere = policies.flatMap((one) => (one.connection === connection ? [] : [one.name]));
  const hidden = masks.flatMap(({ connection: of, ...mask }) => (of === connection ? [mask] : []));
  const entry = connections.find((one) => one.name === connection);
  const keepsMasks = !prune && hidden.length === 0;
  return {
    connection,
    policies: own.map(({ connection: _, ...policy }) => policy),
    without: prune ? "all" : elsewhere,
    ...(keepsMasks ? {} : { masks: masksWith(prune ? [] : await storedMasks(db, id), hidden) }),
    ...(entry === undefined ? {} : { mode: entry.mode }),
  };
}
