import { int, mediumtext, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant } from "../columns";

/** One published state of connections and policies, as the configuration file without secrets. Append only. */
export const revisions = mysqlTable("revisions", {
  number: int("number").primaryKey(),
  document: mediumtext("document").notNull(),
  summary: varchar("summary", { length: 500 }).notNull(),
  authorId: asciiId("author_id"),
  authorName: varchar("author_name", { length: 255 }).notNull(),
  createdAt: instant("created_at").notNull(),
});
