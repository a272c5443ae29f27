import { customType, int, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant, sha256Hex } from "../columns";
import { connections } from "./connections";

const longBlob = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "longblob" });

/** The newest catalogue of each connection, as its gateways read it from the upstream. */
export const catalogues = mysqlTable("catalogues", {
  connectionId: asciiId("connection_id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  /** Of the uncompressed document. */
  hash: sha256Hex("hash").notNull(),
  serverVersion: varchar("server_version", { length: 100 }).notNull(),
  tableCount: int("table_count").notNull(),
  columnCount: int("column_count").notNull(),
  /** A CatalogueSnapshot as JSON, gzip. */
  document: longBlob("document").notNull(),
  /** When this state was first seen. */
  changedAt: instant("changed_at").notNull(),
  /** When a gateway last compared it with the upstream. */
  checkedAt: instant("checked_at").notNull(),
  /** Why the last comparison failed, or null. */
  lastError: varchar("last_error", { length: 500 }),
});
