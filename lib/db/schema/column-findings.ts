import { index, int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { MASK_METHODS, type MaskOptions } from "@/lib/masking/mask";
import type { FindingKind } from "@/lib/masking/suggest/finding";
import { asciiId, exactText, instant, json, longBlob, sha256Hex } from "../columns";
import { connections } from "./connections";

export const FINDING_STATUSES = ["open", "accepted", "dismissed"] as const;
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** Columns that look sensitive, and what people said to that. Holds nothing of the columns' values. */
export const columnFindings = mysqlTable(
  "column_findings",
  {
    id: asciiId("id").primaryKey(),
    connectionId: asciiId("connection_id")
      .notNull()
      .references(() => connections.id, { onDelete: "cascade" }),
    schema: exactText("schema_name", { length: 64 }).notNull(),
    table: exactText("table_name", { length: 64 }).notNull(),
    column: exactText("column_name", { length: 64 }).notNull(),
    dataType: varchar("data_type", { length: 64 }).notNull(),
    /** One of FINDING_KINDS; text, so that a new kind needs no migration. */
    kind: varchar("kind", { length: 32 }).$type<FindingKind>().notNull(),
    confidence: int("confidence").notNull(),
    reason: varchar("reason", { length: 1000 }).notNull(),
    method: mysqlEnum("method", MASK_METHODS).notNull(),
    options: json<MaskOptions>("options").notNull(),
    status: mysqlEnum("status", FINDING_STATUSES).notNull().default("open"),
    foundAt: instant("found_at").notNull(),
    decidedAt: instant("decided_at"),
    decidedBy: varchar("decided_by", { length: 255 }),
  },
  (t) => [
    uniqueIndex("column_findings_column").on(t.connectionId, t.schema, t.table, t.column),
    index("column_findings_status").on(t.status, t.id),
  ],
);

/** How far each connection's columns have been looked at, and who is doing it now. */
export const columnScans = mysqlTable("column_scans", {
  connectionId: asciiId("connection_id")
    .primaryKey()
    .references(() => connections.id, { onDelete: "cascade" }),
  /** Of all columns at the end of the last complete scan. */
  fingerprint: sha256Hex("fingerprint"),
  /** The columns looked at: 8 bytes of a hash each, sorted. */
  checked: longBlob("checked"),
  checkedCount: int("checked_count").notNull().default(0),
  /** When the last complete scan ended. */
  scannedAt: instant("scanned_at"),
  /** Which tables could not be read, or why the last scan broke off; null when all went well. */
  lastError: varchar("last_error", { length: 500 }),
  claimedBy: asciiId("claimed_by"),
  claimedUntil: instant("claimed_until"),
});
