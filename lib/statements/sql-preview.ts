import { sql } from "drizzle-orm";
import { statements } from "@/lib/db/schema";

/** Characters of the SQL text that a list carries. */
export const SQL_PREVIEW_LENGTH = 400;

/** The beginning of a statement's text, cut by the store. */
export const SQL_PREVIEW = sql<string>`LEFT(${statements.sql}, ${sql.raw(String(SQL_PREVIEW_LENGTH))})`;
