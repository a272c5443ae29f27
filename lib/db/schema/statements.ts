import { bigint, boolean, index, int, mediumtext, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import type { RecordedMasking } from "@/lib/masking/recorded";
import { EFFECTS } from "@/lib/policy/rule";
import type { StatementValue } from "@/lib/policy/value";
import type { StatementClass } from "@/lib/sql/taxonomy";
import { asciiId, exactText, instant, json, sha256Hex } from "../columns";

/** The protocol command that carried the statement. */
export const STATEMENT_COMMANDS = ["query", "prepare", "execute", "init_db", "field_list"] as const;

/** `running`: it went upstream, and its outcome is not in the store yet. `unknown`: its gateway died before it knew the outcome. */
export const STATEMENT_STATES = ["running", "done", "unknown"] as const;

/** One statement as a client sent it. No foreign keys: rows arrive in batches, and history outlives what it names. */
export const statements = mysqlTable(
  "statements",
  {
    id: asciiId("id").primaryKey(),
    sessionId: asciiId("session_id").notNull(),
    identityId: asciiId("identity_id").notNull(),
    connectionId: asciiId("connection_id").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    /** Counts from 1 within the session. */
    sequence: int("sequence").notNull(),
    at: instant("at").notNull(),
    command: mysqlEnum("command", STATEMENT_COMMANDS).notNull(),
    state: mysqlEnum("state", STATEMENT_STATES).notNull().default("done"),
    /** Microseconds from its arrival until it went upstream or a KILL was carried out, a hold included; null when neither happened. */
    waitedUs: bigint("waited_us", { mode: "number" }),
    defaultSchema: exactText("default_schema", { length: 64 }),
    /** At most 64 KiB; `sqlBytes` is the whole length. */
    sql: mediumtext("sql").notNull(),
    sqlBytes: int("sql_bytes").notNull(),
    sqlCut: boolean("sql_cut").notNull().default(false),
    /** What an execution was bound to, in the order of its `?`; null: no execution, or its values are too many, too long or not readable. */
    parameters: json<readonly StatementValue[]>("parameters"),
    durationUs: bigint("duration_us", { mode: "number" }).notNull(),
    rowCount: bigint("row_count", { mode: "number" }).notNull(),
    affectedRows: bigint("affected_rows", { mode: "number" }).notNull(),
    resultBytes: bigint("result_bytes", { mode: "number" }).notNull(),
    errorNumber: int("error_number"),
    errorMessage: varchar("error_message", { length: 500 }),
    /** Null when the statement was not understood. */
    statementClass: varchar("statement_class", { length: 24 }).$type<StatementClass>(),
    templateHash: sha256Hex("template_hash"),
    /** What the policy says; in observe mode a statement may have run all the same. */
    effect: mysqlEnum("effect", EFFECTS),
    policyName: exactText("policy_name", { length: 64 }),
    ruleName: exactText("rule_name", { length: 64 }),
    /** Why: the rule's sentence, or what was not understood. */
    decisionReason: varchar("decision_reason", { length: 500 }),
    approvalId: asciiId("approval_id"),
    /** What was hidden from the client, and what its groups let it see; null when the statement touches no masked column. */
    masking: json<RecordedMasking>("masking"),
    /** Rows that came back with something hidden. */
    maskedRows: bigint("masked_rows", { mode: "number" }).notNull().default(0),
    /** Where it stands in the record's chains, for a quick look-up: this batch of its gateway's chain. Proves nothing by itself. */
    chainBatch: int("chain_batch"),
  },
  (t) => [
    // Covers the strip of outcomes per session: the last statements' error numbers without reading a row.
    index("statements_session").on(t.sessionId, t.id, t.errorNumber),
    index("statements_identity").on(t.identityId, t.id),
    // By name, as people filter: history of a deleted connection is still found.
    index("statements_connection_name").on(t.connectionName, t.id),
    index("statements_error").on(t.errorNumber, t.id),
    index("statements_effect").on(t.effect, t.id),
    // Covers the hits of a policy and of each of its rules.
    index("statements_policy").on(t.policyName, t.id, t.ruleName),
    index("statements_template").on(t.templateHash, t.id),
    // Covers the sum of masked rows of a day.
    index("statements_at").on(t.at, t.id, t.maskedRows),
  ],
);
