import type { Method } from "./method";

/** NULL for every value. */
export const nothing: Method = {
  whole: "null",
  column: () => null,
  text: () => () => null,
  shows: () => false,
};
