import { index, int, mysqlTable, text, varchar } from "drizzle-orm/mysql-core";
import { asciiId, instant } from "../columns";
import { identities } from "./identities";

/** One browser signed in to the console. The cookie holds only this id and the identity's; everything else is read from here per request. */
export const consoleSessions = mysqlTable(
  "console_sessions",
  {
    id: asciiId("id").primaryKey(),
    identityId: asciiId("identity_id")
      .notNull()
      .references(() => identities.id),
    sessionVersion: int("session_version").notNull(),
    /** Sealed ID token, the hint for signing out at the IdP. */
    sealedIdToken: text("sealed_id_token"),
    userAgent: varchar("user_agent", { length: 255 }),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  (t) => [index("console_sessions_identity").on(t.identityId, t.createdAt)],
);
