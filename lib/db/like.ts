import { type Column, type SQL, sql } from "drizzle-orm";

/** Escapes what LIKE would read as a wildcard. The escape character is `!`: a backslash depends on the server's sql_mode. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[!%_]/g, (character) => `!${character}`);
}

/** Whether the column contains the text, whatever the case; `%` and `_` stand for themselves. */
export function containsText(column: Column, text: string): SQL {
  return sql`${column} LIKE ${`%${escapeLike(text)}%`} COLLATE utf8mb4_unicode_ci ESCAPE '!'`;
}
