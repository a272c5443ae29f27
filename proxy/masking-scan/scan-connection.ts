import { claimScan } from "@/lib/findings/scan-state";
import { settleMasked, storedMasks } from "@/lib/findings/settle-masked";
import { newId } from "@/lib/ids";
import type { CatalogueSnapshot } from "@/lib/sql/catalogue";
import type { CataloguedConnection } from "../catalogue/catalogues";
import { ConnectionScan, type ScanOutcome, type ScanParts } from "./connection-scan";
import { scannedTables } from "./scanned-tables";

/**
 * Looks at the columns of an upstream that nobody has looked at yet: by name, then by a few values each, which are classified in memory
 * and dropped. One process does it at a time. Rejects with ScanBroken, and with errors of the store.
 */
export async function scanConnection(
  parts: ScanParts,
  connection: CataloguedConnection,
  snapshot: CatalogueSnapshot,
): Promise<ScanOutcome> {
  const { tables, keys, fingerprint } = scannedTables(snapshot);
  const claim = { connectionId: connection.id, by: newId() };
  const claimed = await claimScan(parts.db, claim, fingerprint);
  if (claimed.kind !== "claimed") return claimed.kind;
  const unchecked = tables
    .map((table) => ({ ...table, columns: table.columns.filter((column) => !claimed.checked.has(column.key)) }))
    .filter((table) => table.columns.length > 0);
  const places = new Set(
    tables.flatMap((table) => table.columns.map((one) => `${one.schema}\0${one.table}\0${one.name}`)),
  );
  const scan = new ConnectionScan(parts, connection, snapshot, claim, claimed.checked);
  const ctx = { actor: { kind: "system", name: "gateway" }, requestId: claim.by, db: parts.db } as const;
  const settle = async () => settleMasked(ctx, connection.id, await storedMasks(ctx, connection.id));
  try {
    if (!(await scan.names(unchecked, (...place) => places.has(place.join("\0"))))) return "busy";
    await settle();
    const outcome = await scan.values(unchecked);
    const held = await scan.end(outcome, fingerprint, keys);
    await settle();
    return held ? outcome : "busy";
  } catch (error) {
    await scan.end("broken", fingerprint, keys);
    throw error;
  }
}
