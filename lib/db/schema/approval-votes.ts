import { int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { GRANT_SCOPES, VOTES } from "@/lib/approvals/states";
import { asciiId, instant } from "../columns";
import { approvals } from "./approvals";

/** What one reviewer said about one request; the key makes N approvals N people. */
export const approvalVotes = mysqlTable(
  "approval_votes",
  {
    id: asciiId("id").primaryKey(),
    approvalId: asciiId("approval_id")
      .notNull()
      .references(() => approvals.id, { onDelete: "cascade" }),
    reviewerId: asciiId("reviewer_id").notNull(),
    reviewerName: varchar("reviewer_name", { length: 255 }).notNull(),
    vote: mysqlEnum("vote", VOTES).notNull(),
    /** Of approvals. */
    scope: mysqlEnum("scope", GRANT_SCOPES),
    minutes: int("minutes"),
    note: varchar("note", { length: 500 }),
    at: instant("at").notNull(),
  },
  (t) => [uniqueIndex("approval_votes_person").on(t.approvalId, t.reviewerId)],
);
