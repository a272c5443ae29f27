import { boolean, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant } from "../columns";

export const SAVED_VIEW_PAGES = ["statements", "audit", "sessions"] as const;

/** Filters of a list under a name. */
export const savedViews = mysqlTable(
  "saved_views",
  {
    id: asciiId("id").primaryKey(),
    /** The identity of the person who saved it. */
    ownerId: asciiId("owner_id").notNull(),
    page: mysqlEnum("page", SAVED_VIEW_PAGES).notNull(),
    name: exactText("name", { length: 64 }).notNull(),
    /** The address behind the question mark. */
    query: varchar("query", { length: 2000 }).notNull(),
    /** Everybody sees it. */
    shared: boolean("shared").notNull().default(false),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [uniqueIndex("saved_views_name").on(t.ownerId, t.page, t.name)],
);
