import { int, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant } from "../columns";

/** One gateway process. A row whose heartbeat is old belongs to a process that died without saying so. */
export const gateways = mysqlTable("gateways", {
  id: asciiId("id").primaryKey(),
  hostname: varchar("hostname", { length: 255 }).notNull(),
  pid: int("pid").notNull(),
  address: varchar("address", { length: 255 }).notNull(),
  version: varchar("version", { length: 40 }).notNull(),
  startedAt: instant("started_at").notNull(),
  heartbeatAt: instant("heartbeat_at").notNull(),
  stoppedAt: instant("stopped_at"),
});
