import { bigint, index, mysqlEnum, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import { BUDGET_MEASURES, BUDGET_PERIODS } from "@/lib/policy/budget";
import { asciiId, exactText, instant } from "../columns";

/** How much of its budgets each identity has used in a window, summed over all gateways. */
export const budgetUses = mysqlTable(
  "budget_uses",
  {
    connectionId: asciiId("connection_id").notNull(),
    policyName: exactText("policy_name", { length: 64 }).notNull(),
    identityId: asciiId("identity_id").notNull(),
    measure: mysqlEnum("measure", BUDGET_MEASURES).notNull(),
    per: mysqlEnum("per", BUDGET_PERIODS).notNull(),
    /** When the window began. */
    windowAt: instant("window_at").notNull(),
    used: bigint("used", { mode: "number" }).notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({
      name: "budget_uses_pk",
      columns: [t.connectionId, t.policyName, t.identityId, t.measure, t.per, t.windowAt],
    }),
    index("budget_uses_window").on(t.windowAt),
  ],
);
