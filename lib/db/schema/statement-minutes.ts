import { bigint, boolean, int, mysqlEnum, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant } from "../columns";

/** `none`: no rule was asked about the statement. */
export const MINUTE_EFFECTS = ["allow", "review", "deny", "none"] as const;

/** Finished statements per minute, counted as they reach the store: histograms and facets over any number of statements. */
export const statementMinutes = mysqlTable(
  "statement_minutes",
  {
    minute: instant("minute").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    effect: mysqlEnum("effect", MINUTE_EFFECTS).notNull(),
    failed: boolean("failed").notNull(),
    statements: int("statements").notNull(),
    rows: bigint("rows", { mode: "number" }).notNull(),
    maskedRows: bigint("masked_rows", { mode: "number" }).notNull(),
    durationUs: bigint("duration_us", { mode: "number" }).notNull(),
  },
  (t) => [
    // The name that would be made of the columns is longer than MySQL allows.
    primaryKey({
      name: "statement_minutes_pk",
      columns: [t.minute, t.connectionName, t.identityId, t.effect, t.failed],
    }),
  ],
);
