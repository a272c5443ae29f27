import { bigint, boolean, mysqlEnum, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { asciiId, exactText, instant } from "../columns";
import { MINUTE_EFFECTS } from "./statement-minutes";

export const PERIOD_GRAINS = ["hour", "day"] as const;

/** The sums of statement_minutes per hour and per day (UTC), written with them: a histogram of three months reads a few thousand rows. */
export const statementPeriods = mysqlTable(
  "statement_periods",
  {
    grain: mysqlEnum("grain", PERIOD_GRAINS).notNull(),
    start: instant("start").notNull(),
    connectionName: exactText("connection_name", { length: 32 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    effect: mysqlEnum("effect", MINUTE_EFFECTS).notNull(),
    failed: boolean("failed").notNull(),
    statements: bigint("statements", { mode: "number" }).notNull(),
  },
  (t) => [
    // The name that would be made of the columns is longer than MySQL allows.
    primaryKey({
      name: "statement_periods_pk",
      columns: [t.grain, t.start, t.connectionName, t.identityId, t.effect, t.failed],
    }),
  ],
);
