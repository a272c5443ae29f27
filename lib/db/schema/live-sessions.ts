import { bigint, boolean, index, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant } from "../columns";

/** What busy sessions are doing right now, as their gateway last said; rows of idle and ended sessions are removed. */
export const liveSessions = mysqlTable(
  "live_sessions",
  {
    sessionId: asciiId("session_id").primaryKey(),
    gatewayId: asciiId("gateway_id").notNull(),
    /** What runs or waits; null between the statements of an open transaction. */
    statementId: asciiId("statement_id"),
    sql: varchar("sql", { length: 1000 }),
    statementAt: instant("statement_at"),
    /** Waits for a person. */
    held: boolean("held").notNull(),
    inTransaction: boolean("in_transaction").notNull(),
    /** Rows and bytes of the answer so far. */
    rows: bigint("rows", { mode: "number" }).notNull(),
    bytes: bigint("bytes", { mode: "number" }).notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [index("live_sessions_gateway").on(t.gatewayId)],
);
