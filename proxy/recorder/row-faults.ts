import type { Logger } from "pino";
import { dbErrno } from "@/lib/db/errors";
import type { RecordItem } from "./batch";

const NO_REFERENCED_ROW = 1452;
/** Errors that no repetition heals, because the row itself is not acceptable (MySQL manual, "Server Error Message Reference"). */
const ROW_FAULTS = new Set([
  1048, // column cannot be null
  1062, // duplicate of another unique key
  1264, // out of range
  1265, // truncated
  1292, // incorrect value
  1366, // incorrect string value
  1406, // too long
  NO_REFERENCED_ROW,
  3140, // invalid JSON
  3819, // check violated (MySQL)
  4025, // check violated (MariaDB)
]);

export function isRowsOwnFault(error: unknown): boolean {
  const errno = dbErrno(error);
  return errno !== null && ROW_FAULTS.has(errno);
}

/**
 * Writes a batch that the store refused, halving it until the rows at fault stand alone; each of those is logged by id and left out.
 * A session whose connection was deleted meanwhile is written without it. Returns how many rows were left out; rejects when the store fails otherwise.
 */
export async function salvage(
  items: readonly RecordItem[],
  write: (items: readonly RecordItem[]) => Promise<void>,
  log: Logger,
): Promise<number> {
  try {
    await write(items);
    return 0;
  } catch (error) {
    if (!isRowsOwnFault(error)) {
      throw error;
    }
    const [only, ...more] = items;
    if (only === undefined) {
      return 0;
    }
    if (more.length > 0) {
      const middle = Math.ceil(items.length / 2);
      return (await salvage(items.slice(0, middle), write, log)) + (await salvage(items.slice(middle), write, log));
    }
    if (only.kind === "start" && only.row.connectionId != null && dbErrno(error) === NO_REFERENCED_ROW) {
      return salvage([{ kind: "start", row: { ...only.row, connectionId: null } }], write, log);
    }
    log.error({ errno: dbErrno(error), kind: only.kind, id: only.row.id }, "the store refused a record");
    return 1;
  }
}
