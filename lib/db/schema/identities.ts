import { index, int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant, json } from "../columns";

export const IDENTITY_KINDS = ["machine", "person"] as const;
export const IDENTITY_STATUSES = ["active", "suspended"] as const;

/** Everyone a validated token was seen for: a machine client on the MySQL wire, a person on the wire or in the console. */
export const identities = mysqlTable(
  "identities",
  {
    id: asciiId("id").primaryKey(),
    issuer: exactText("issuer", { length: 255 }).notNull(),
    subject: exactText("subject", { length: 255 }).notNull(),
    kind: mysqlEnum("kind", IDENTITY_KINDS).notNull(),
    clientId: exactText("client_id", { length: 255 }),
    email: varchar("email", { length: 255 }),
    displayName: varchar("display_name", { length: 255 }).notNull(),
    groups: json<string[]>("groups").notNull(),
    /** The person who answers for a machine: never decides on its approvals. */
    ownerId: asciiId("owner_id"),
    status: mysqlEnum("status", IDENTITY_STATUSES).notNull().default("active"),
    statusReason: varchar("status_reason", { length: 500 }),
    statusChangedBy: varchar("status_changed_by", { length: 255 }),
    statusChangedAt: instant("status_changed_at"),
    /** Console cookies of an older session version are refused: "sign out everywhere". */
    sessionVersion: int("session_version").notNull().default(1),
    firstSeenAt: instant("first_seen_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
  },
  (t) => [
    // Two 255-character utf8mb4 columns are 2,040 bytes, within InnoDB's 3,072.
    uniqueIndex("identities_issuer_subject").on(t.issuer, t.subject),
    index("identities_kind_last_seen").on(t.kind, t.lastSeenAt),
  ],
);
