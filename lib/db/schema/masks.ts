import { int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { DERIVED_SETTINGS, MASK_METHODS, type MaskOptions, PREDICATE_SETTINGS } from "@/lib/masking/mask";
import { asciiId, exactText, instant, json } from "../columns";
import { connections } from "./connections";

/** Which columns of a connection are hidden, and how. */
export const masks = mysqlTable(
  "masks",
  {
    id: asciiId("id").primaryKey(),
    connectionId: asciiId("connection_id")
      .notNull()
      .references(() => connections.id),
    /** schema.table.column, `*` allowed in each part. */
    column: exactText("column_pattern", { length: 200 }).notNull(),
    method: mysqlEnum("method", MASK_METHODS).notNull(),
    options: json<MaskOptions>("options").notNull(),
    predicates: mysqlEnum("predicates", PREDICATE_SETTINGS).notNull(),
    derived: mysqlEnum("derived", DERIVED_SETTINGS).notNull(),
    joinClass: exactText("join_class", { length: 64 }),
    /** Groups of the identity provider that see the value. */
    exempt: json<string[]>("exempt").notNull(),
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("masks_column").on(t.connectionId, t.column)],
);
