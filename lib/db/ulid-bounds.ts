import { decodeTime, encodeTime, TIME_MAX } from "ulid";
import { z } from "zod";

/** A ULID as `newId` makes it: upper case Crockford base 32. */
export const ulidText = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, "must be an id of 26 letters and digits");

/** Before every id. */
export const FIRST_ID = "0".repeat(26);

/** The smallest id that can have been made at this instant: rows from then on are `id >= firstIdAt(then)`. */
export function firstIdAt(instant: Date): string {
  return encodeTime(Math.min(Math.max(instant.getTime(), 0), TIME_MAX), 10) + "0".repeat(16);
}

/** When the id was made, to the millisecond. */
export function instantOfId(id: string): Date {
  return new Date(decodeTime(id));
}
