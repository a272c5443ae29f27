import { bigint, boolean, index, int, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { RECORDED_RESULTS } from "@/lib/connections/model";
import { asciiId, exactText, instant } from "../columns";
import { connections } from "./connections";
import { gateways } from "./gateways";
import { identities } from "./identities";

/** Why a session ended. `state_mismatch`: the server's session is not as the gateway knows it. `cut`: its gateway died, found by the heartbeat. */
export const SESSION_ENDS = [
  "client_quit",
  "client_lost",
  "upstream_lost",
  "token_expired",
  "revoked",
  "killed",
  "protocol_error",
  "state_mismatch",
  "drained",
  "cut",
] as const;
export const AUTH_METHODS = [
  "caching_sha2_password",
  "mysql_clear_password",
  "authentication_openid_connect_client",
] as const;

/** One client's logged-in connection. */
export const sessions = mysqlTable(
  "sessions",
  {
    id: asciiId("id").primaryKey(),
    gatewayId: asciiId("gateway_id")
      .notNull()
      .references(() => gateways.id),
    identityId: asciiId("identity_id")
      .notNull()
      .references(() => identities.id),
    /** Kept when the connection is deleted: history outlives configuration. */
    connectionId: asciiId("connection_id").references(() => connections.id, { onDelete: "set null" }),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    /** The connection id of the greeting: what CONNECTION_ID-minded clients pass to KILL. */
    wireId: bigint("wire_id", { mode: "number" }).notNull(),
    clientAddress: varchar("client_address", { length: 64 }).notNull(),
    /** From the client's connection attributes, e.g. "libmariadb 3.3.13" and "mysql"; not verified. */
    clientProgram: varchar("client_program", { length: 255 }),
    authMethod: mysqlEnum("auth_method", AUTH_METHODS).notNull(),
    tlsVersion: varchar("tls_version", { length: 20 }).notNull(),
    tokenExpiresAt: instant("token_expires_at").notNull(),
    startedAt: instant("started_at").notNull(),
    endedAt: instant("ended_at"),
    endReason: mysqlEnum("end_reason", SESSION_ENDS),
    statementCount: int("statement_count").notNull().default(0),
    errorCount: int("error_count").notNull().default(0),
    lastStatementAt: instant("last_statement_at"),
    bytesIn: bigint("bytes_in", { mode: "number" }).notNull().default(0),
    bytesOut: bigint("bytes_out", { mode: "number" }).notNull().default(0),
    /** What is recorded of results; null in sessions from before there were recordings. */
    recordedResults: mysqlEnum("recorded_results", RECORDED_RESULTS),
    /** Somebody watches it live until then: its frames come to the store at once. */
    followedUntil: instant("followed_until"),
    killRequestedAt: instant("kill_requested_at"),
    killRequestedBy: varchar("kill_requested_by", { length: 255 }),
    /** Whether the request is for the running statement only (KILL QUERY). */
    killStatementOnly: boolean("kill_statement_only").notNull().default(false),
  },
  (t) => [
    index("sessions_gateway_open").on(t.gatewayId, t.endedAt),
    index("sessions_identity").on(t.identityId, t.id),
    index("sessions_connection").on(t.connectionId, t.id),
    index("sessions_connection_name").on(t.connectionName, t.id),
    index("sessions_open").on(t.endedAt, t.id),
    index("sessions_wire_id").on(t.wireId),
  ],
);
