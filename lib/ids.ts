import { monotonicFactory } from "ulid";

/** A new ULID (26 characters, Crockford base 32): sortable by creation time, monotonic within a process. */
export const newId: () => string = monotonicFactory();
