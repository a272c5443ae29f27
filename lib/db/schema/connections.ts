import { int, mysqlEnum, mysqlTable, text, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import {
  type ApprovalSettings,
  type CatalogueSettings,
  ENFORCEMENT_MODES,
  type Limits,
  type RecordingSettings,
  TLS_MODES,
} from "@/lib/connections/model";
import { asciiId, exactText, instant, json } from "../columns";

/** A named MySQL upstream. */
export const connections = mysqlTable(
  "connections",
  {
    id: asciiId("id").primaryKey(),
    name: exactText("name", { length: 32 }).notNull(),
    host: varchar("host", { length: 255 }).notNull(),
    port: int("port").notNull(),
    user: exactText("user", { length: 80 }).notNull(),
    /** The upstream password, sealed for the context `connection:<id>`. */
    sealedPassword: text("sealed_password").notNull(),
    /** A second account without privileges on masked columns, and its password sealed for the context `restricted:<id>`; both or none. */
    restrictedUser: exactText("restricted_user", { length: 80 }),
    sealedRestrictedPassword: text("sealed_restricted_password"),
    tls: mysqlEnum("tls", TLS_MODES).notNull(),
    ca: text("ca"),
    schema: exactText("schema", { length: 64 }),
    mode: mysqlEnum("mode", ENFORCEMENT_MODES).notNull(),
    limits: json<Limits>("limits").notNull(),
    approvals: json<ApprovalSettings>("approvals").notNull(),
    recording: json<RecordingSettings>("recording").notNull(),
    catalogue: json<CatalogueSettings>("catalogue").notNull(),
    /** Counts changes, for optimistic locking. */
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("connections_name").on(t.name)],
);
