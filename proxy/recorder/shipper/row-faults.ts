import { dbErrno } from "@/lib/db/errors";

export const NO_REFERENCED_ROW = 1452;
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
