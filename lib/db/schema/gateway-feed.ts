import { bigint, int, mysqlTable } from "drizzle-orm/mysql-core";

/**
 * One row (id 1) whose version grows with every change that gateways must act on: a published revision, a suspended
 * identity, a session to kill. Gateways poll this row and reload when it changed.
 */
export const gatewayFeed = mysqlTable("gateway_feed", {
  id: int("id").primaryKey(),
  version: bigint("version", { mode: "number" }).notNull(),
});
