import { index, int, mediumtext, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { asciiId, exactText, instant, json, sha256Hex } from "../columns";

/** What becomes of a request for approval. */
export const APPROVAL_STATES = ["pending", "approved", "denied", "expired", "cancelled"] as const;

/** A statement that a person must decide on, bound to who asked, where, and to exactly this text with these parameters. */
export const approvals = mysqlTable(
  "approvals",
  {
    id: asciiId("id").primaryKey(),
    state: mysqlEnum("state", APPROVAL_STATES).notNull(),
    connectionId: asciiId("connection_id").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    sessionId: asciiId("session_id").notNull(),
    statementId: asciiId("statement_id").notNull(),
    defaultSchema: exactText("default_schema", { length: 64 }),
    /** What the session's state adds to the meaning: sql_mode and character sets. */
    sessionFingerprint: exactText("session_fingerprint", { length: 255 }).notNull(),
    statementClass: varchar("statement_class", { length: 24 }).$type<StatementClass>().notNull(),
    sql: mediumtext("sql").notNull(),
    templateHash: sha256Hex("template_hash").notNull(),
    /** Bound values of a prepared statement, in order. */
    parameters: json<unknown[]>("parameters").notNull(),
    /** SHA-256 over connection, identity, schema, fingerprint, statement and parameters: what a retry must equal. */
    bindingHash: sha256Hex("binding_hash").notNull(),
    policyName: exactText("policy_name", { length: 64 }),
    ruleName: exactText("rule_name", { length: 64 }),
    reason: varchar("reason", { length: 500 }).notNull(),
    requestedAt: instant("requested_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    version: int("version").notNull().default(1),
  },
  (t) => [
    index("approvals_state").on(t.state, t.id),
    index("approvals_binding").on(t.bindingHash, t.state),
    index("approvals_identity").on(t.identityId, t.id),
  ],
);
