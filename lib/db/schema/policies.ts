import { index, int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import type { Binding } from "@/lib/policy/binding";
import type { Budget, SuddenBehaviour } from "@/lib/policy/budget";
import { DEFAULT_EFFECTS, METADATA_SETTINGS, type Rule } from "@/lib/policy/rule";
import { asciiId, exactText, instant, json } from "../columns";
import { connections } from "./connections";

/** Ordered rules for a connection, bound to identities. */
export const policies = mysqlTable(
  "policies",
  {
    id: asciiId("id").primaryKey(),
    name: exactText("name", { length: 64 }).notNull(),
    connectionId: asciiId("connection_id")
      .notNull()
      .references(() => connections.id),
    identities: json<Binding[]>("identities").notNull(),
    metadata: mysqlEnum("metadata", METADATA_SETTINGS).notNull().default("allow"),
    /** What no rule covers. */
    defaultEffect: mysqlEnum("default_effect", DEFAULT_EFFECTS).notNull().default("deny"),
    rules: json<Rule[]>("rules").notNull(),
    /** Null where the policy has none. */
    budgets: json<Budget[]>("budgets"),
    sudden: json<SuddenBehaviour>("sudden"),
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("policies_name").on(t.name), index("policies_connection").on(t.connectionId)],
);
