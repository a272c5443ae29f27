import { double, index, longtext, mysqlEnum, mysqlTable, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant, json, sha256Hex } from "../columns";

export const ANALYSIS_KINDS = ["impact", "learn", "unused", "self_test"] as const;
export type AnalysisKind = (typeof ANALYSIS_KINDS)[number];

export const ANALYSIS_STATES = ["queued", "running", "done", "failed", "cancelled"] as const;
export type AnalysisState = (typeof ANALYSIS_STATES)[number];

/** Long work over the record that somebody asked for. A console does it (self-tests: a gateway), and leaves its result here. */
export const analyses = mysqlTable(
  "analyses",
  {
    id: asciiId("id").primaryKey(),
    kind: mysqlEnum("kind", ANALYSIS_KINDS).notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    /** What was asked, parsed by the kind's schema. */
    input: json<unknown>("input").notNull(),
    /** Of the input's canonical JSON: the same question again is found by it. */
    inputHash: sha256Hex("input_hash").notNull(),
    state: mysqlEnum("state", ANALYSIS_STATES).notNull().default("queued"),
    createdAt: instant("created_at").notNull(),
    createdById: asciiId("created_by_id"),
    createdBy: varchar("created_by", { length: 255 }).notNull(),
    /** 0 to 1. */
    progress: double("progress").notNull().default(0),
    /** What it does at the moment, for people. */
    step: varchar("step", { length: 200 }),
    /** The process that works on it, and when it last said so. */
    worker: varchar("worker", { length: 100 }),
    heartbeatAt: instant("heartbeat_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    cancelRequestedAt: instant("cancel_requested_at"),
    /** JSON of the kind's result; null before it is done. */
    result: longtext("result"),
    /** Why it failed, for people. */
    error: varchar("error", { length: 500 }),
  },
  (t) => [
    index("analyses_state").on(t.state, t.id),
    index("analyses_kind").on(t.connectionName, t.kind, t.id),
    index("analyses_input").on(t.inputHash, t.id),
  ],
);
