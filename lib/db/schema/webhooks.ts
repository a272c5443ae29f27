import { boolean, int, mysqlEnum, mysqlTable, text, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { WEBHOOK_FORMATS, type WebhookEvent } from "@/lib/notifications/events";
import { asciiId, exactText, instant, json } from "../columns";

/** An address outside that is told about approvals. */
export const webhooks = mysqlTable(
  "webhooks",
  {
    id: asciiId("id").primaryKey(),
    name: exactText("name", { length: 64 }).notNull(),
    /** Chat services put a credential into the address: shown to administrators only. */
    url: varchar("url", { length: 1000 }).notNull(),
    /** The signing secret, sealed for the context `webhook:<id>`. */
    sealedSecret: text("sealed_secret").notNull(),
    events: json<WebhookEvent[]>("events").notNull(),
    format: mysqlEnum("format", WEBHOOK_FORMATS).notNull(),
    enabled: boolean("enabled").notNull().default(true),
    version: int("version").notNull().default(1),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    updatedBy: varchar("updated_by", { length: 255 }).notNull(),
  },
  (t) => [uniqueIndex("webhooks_name").on(t.name)],
);
