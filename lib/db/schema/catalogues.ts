import { int, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant, longBlob, sha256Hex } from "../columns";
import { connections } from "./connections";

/** The newest catalogue of each connection, as its gateways read it from the upstream. Without a document it was never read, only tried. */
export const catalogues = mysqlTable("catalogues", {
  connectionId: asciiId("connection_id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  /** Of the uncompressed document. */
  hash: sha256Hex("hash"),
  serverVersion: varchar("server_version", { length: 100 }),
  tableCount: int("table_count").notNull().default(0),
  columnCount: int("column_count").notNull().default(0),
  /** A CatalogueSnapshot as JSON, gzip. */
  document: longBlob("document"),
  /** When this state was first seen. */
  changedAt: instant("changed_at"),
  /** When a gateway last compared it with the upstream, or tried to. */
  checkedAt: instant("checked_at").notNull(),
  /** Why the last comparison failed, or null. */
  lastError: varchar("last_error", { length: 500 }),
});
