import { bigint, boolean, int, mysqlTable, primaryKey, text, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant } from "../columns";

/** Where audit events go as NDJSON over HTTP, for a SIEM. */
export const eventStreams = mysqlTable(
  "event_streams",
  {
    id: asciiId("id").primaryKey(),
    name: exactText("name", { length: 64 }).notNull(),
    /** An address of the company's; null: the file that the console's environment names. */
    url: varchar("url", { length: 1000 }),
    /** The signing secret, sealed for the context `stream:<id>`; null for a file. */
    sealedSecret: text("sealed_secret"),
    /** Statements as events too, not only audit events. */
    statements: boolean("statements").notNull().default(false),
    enabled: boolean("enabled").notNull().default(true),
    /** What happened last, for the page. */
    sentEvents: bigint("sent_events", { mode: "number" }).notNull().default(0),
    lastSentAt: instant("last_sent_at"),
    failures: int("failures").notNull().default(0),
    /** Since when nothing arrives; null while it does. */
    failingSince: instant("failing_since"),
    lastError: varchar("last_error", { length: 500 }),
    /** Nobody sends before. */
    nextAttemptAt: instant("next_attempt_at").notNull(),
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("event_streams_name").on(t.name)],
);

/** How far a stream is in each chain. A chain without a row is taken from its first batch. */
export const eventStreamCursors = mysqlTable(
  "event_stream_cursors",
  {
    streamId: asciiId("stream_id").notNull(),
    chainId: asciiId("chain_id").notNull(),
    /** Everything up to this batch was taken. */
    number: int("number").notNull(),
    /** Last batch of the message that is being sent: a repetition is the same message. Null between messages. */
    attempting: int("attempting"),
    /** Messages of that range that were taken; there are several where it is too large for one. */
    parts: int("parts").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.streamId, t.chainId] })],
);
