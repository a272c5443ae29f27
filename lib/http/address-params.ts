import { z } from "zod";

/** Next's search parameters of a page. */
export type RawParams = Readonly<Record<string, string | string[] | undefined>>;

/** An optional parameter of the address; empty is absent, given twice is refused. */
export const addressText = z
  .string()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

/** The same as a number; what is none becomes NaN, which the filter's own schema refuses. */
export const addressNumber = addressText.transform((text) => (text === undefined ? undefined : Number(text)));

/** The same as ISO 8601; what is none becomes an invalid date, which the filter's own schema refuses. */
export const addressMoment = addressText.transform((text) => (text === undefined ? undefined : new Date(text)));

/** The page of a list that the address asks for: the cursor of lib/db/keyset. */
export function cursorOf(params: RawParams): string | null {
  return typeof params.cursor === "string" ? params.cursor : null;
}
