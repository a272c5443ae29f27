import { index, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant } from "../columns";
import { approvals } from "./approvals";

/** Who has a request open on the screen; `seenAt` by the store's clock, renewed while the page is open. */
export const approvalViewers = mysqlTable(
  "approval_viewers",
  {
    approvalId: asciiId("approval_id")
      .notNull()
      .references(() => approvals.id, { onDelete: "cascade" }),
    identityId: asciiId("identity_id").notNull(),
    name: varchar("name", { length: 255 }).notNull(),
    seenAt: instant("seen_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.approvalId, t.identityId] }), index("approval_viewers_seen").on(t.seenAt)],
);
