import { sql } from "drizzle-orm";
import { index, int, mediumtext, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import type { EarlierStatement, ExplainFacts, StatementAccess, TransactionFacts } from "@/lib/approvals/context";
import { APPROVAL_STATES, GRANT_SCOPES, HOLD_STATES } from "@/lib/approvals/states";
import type { RecordedMasking } from "@/lib/masking/recorded";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { asciiId, exactText, instant, json, sha256Hex } from "../columns";

/** A statement that a person must decide on, bound to who asked, where, and to exactly this text with these parameters. */
export const approvals = mysqlTable(
  "approvals",
  {
    id: asciiId("id").primaryKey(),
    state: mysqlEnum("state", APPROVAL_STATES).notNull(),
    connectionId: asciiId("connection_id").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    /** Who answered for the identity when it asked: stays barred from deciding when the owner changes. */
    ownerId: asciiId("owner_id"),
    /** The session and the statement that asked last. */
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
    /** SHA-256 over connection, identity, schema, fingerprint and template: what a scoped grant covers. Null in rows of old versions. */
    scopeHash: sha256Hex("scope_hash"),
    /** The binding hash while pending, else null: one open request per binding. */
    pendingKey: sha256Hex("pending_key"),
    policyName: exactText("policy_name", { length: 64 }),
    ruleName: exactText("rule_name", { length: 64 }),
    reason: varchar("reason", { length: 500 }).notNull(),
    /** Approvers that the connection asked for at the time; a later, higher number wins. */
    required: int("required").notNull().default(1),
    requestedAt: instant("requested_at").notNull(),
    expiresAt: instant("expires_at").notNull(),

    holdState: mysqlEnum("hold_state", HOLD_STATES).notNull().default("retry_only"),
    holdUntil: instant("hold_until"),
    gatewayId: asciiId("gateway_id"),

    purpose: varchar("purpose", { length: 500 }),
    clientProgram: varchar("client_program", { length: 255 }),
    transaction: json<TransactionFacts | null>("transaction_facts"),
    /** Up to 20, oldest first. */
    earlier: json<EarlierStatement[] | null>("earlier_statements"),
    access: json<StatementAccess | null>("access"),
    masking: json<RecordedMasking | null>("masking"),
    explain: json<ExplainFacts | null>("explain_facts"),

    decidedAt: instant("decided_at"),
    /** Null when the system decided: expired, cancelled with what it belonged to. */
    decidedById: asciiId("decided_by_id"),
    decidedByName: varchar("decided_by_name", { length: 255 }),
    /** The reason of a denial, the note of an approval. */
    decisionNote: varchar("decision_note", { length: 500 }),

    grantScope: mysqlEnum("grant_scope", GRANT_SCOPES),
    grantUntil: instant("grant_until"),
    /** The session of a grant for a session. */
    grantSessionId: asciiId("grant_session_id"),
    grantUses: int("grant_uses").notNull().default(0),
    grantUsedAt: instant("grant_used_at"),

    /** By the store's clock: pages ask for the newest. */
    updatedAt: instant("updated_at").notNull().default(sql`CURRENT_TIMESTAMP(3)`),
    version: int("version").notNull().default(1),
  },
  (t) => [
    uniqueIndex("approvals_pending").on(t.pendingKey),
    index("approvals_state").on(t.state, t.id),
    // Covers the live mark, and finds what has expired.
    index("approvals_state_expires").on(t.state, t.expiresAt, t.version),
    index("approvals_updated").on(t.updatedAt),
    index("approvals_binding").on(t.bindingHash, t.state),
    index("approvals_scope").on(t.scopeHash, t.state),
    index("approvals_identity").on(t.identityId, t.id),
    index("approvals_connection_name").on(t.connectionName, t.id),
    index("approvals_template").on(t.templateHash, t.id),
    index("approvals_session").on(t.sessionId, t.state),
    index("approvals_gateway").on(t.gatewayId, t.holdState),
    index("approvals_decided_by").on(t.decidedById, t.id),
  ],
);
