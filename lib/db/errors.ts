/** MySQL error numbers that callers act on (MySQL manual, "Server Error Message Reference"). */
export const DB_ERRNO = { duplicate: 1062, lockWaitTimeout: 1205, deadlock: 1213, rowIsReferenced: 1451 } as const;

/** The server's error number behind an error of drizzle or mysql2, or null when it is something else. */
export function dbErrno(error: unknown): number | null {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ("errno" in e && typeof e.errno === "number" && e.errno > 0) {
      return e.errno;
    }
  }
  return null;
}
