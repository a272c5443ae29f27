import { bigint, date, index, int, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant } from "../columns";

/** Who got a column's values in results, per day, counted as statements reach the store. Statements without rows do not count. */
export const columnReads = mysqlTable(
  "column_reads",
  {
    day: date("day", { mode: "string" }).notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    /** `schema.table.column` */
    column: exactText("column", { length: 200 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    /** The mask's method, or `clear`. */
    how: varchar("how", { length: 16 }).notNull(),
    statements: int("statements").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** Of the last one, to look at. */
    lastStatementId: asciiId("last_statement_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.connectionName, t.column, t.day, t.identityId, t.how] }),
    index("column_reads_identity").on(t.identityId, t.day),
  ],
);
