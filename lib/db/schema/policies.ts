import { index, int, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import type { Binding } from "@/lib/policy/binding";
import { asciiId, exactText, instant, json } from "../columns";
import { connections } from "./connections";

/** Which identities may use which connection. */
export const policies = mysqlTable(
  "policies",
  {
    id: asciiId("id").primaryKey(),
    name: exactText("name", { length: 64 }).notNull(),
    connectionId: asciiId("connection_id")
      .notNull()
      .references(() => connections.id),
    identities: json<Binding[]>("identities").notNull(),
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("policies_name").on(t.name), index("policies_connection").on(t.connectionId)],
);
