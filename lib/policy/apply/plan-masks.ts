import { differences } from "@/lib/connections/differences";
import { patternKey } from "@/lib/masking/mask-set";
import { contentOf, type MaskRow } from "@/lib/masks/mask-columns";
import type { MaskEntry } from "../file-schema";
import type { Change } from "./plan";

/** What the file's masks change, and the stored masks that it does not name. A mask is found by its connection and what it is about. */
export function planMasks(
  entries: readonly MaskEntry[],
  stored: readonly MaskRow[],
  connectionName: (id: string) => string,
): { readonly changes: readonly Change[]; readonly gone: readonly MaskRow[] } {
  const key = (connection: string, column: string) => `${connection}\0${patternKey(column)}`;
  const rows = new Map(stored.map((row) => [key(connectionName(row.connectionId), row.column), row]));
  const changes = entries.flatMap(({ connection, ...content }): Change[] => {
    const row = rows.get(key(connection, content.column));
    if (row === undefined) return [{ kind: "create mask", connection, content }];
    const before = contentOf(row);
    return differences(before, content).length === 0 ? [] : [{ kind: "update mask", row, connection, before, content }];
  });
  const wanted = new Set(entries.map((one) => key(one.connection, one.column)));
  const gone = stored.filter((row) => !wanted.has(key(connectionName(row.connectionId), row.column)));
  return { changes, gone };
}
