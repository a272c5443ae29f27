import { index, int, mysqlEnum, mysqlTable, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { DELIVERY_STATES, type EventPayload, type WebhookEvent } from "@/lib/notifications/events";
import { asciiId, exactText, instant, json } from "../columns";
import { webhooks } from "./webhooks";

/** One message for one webhook: the outbox, written with the change it tells of, and the log of what came of it. */
export const webhookDeliveries = mysqlTable(
  "webhook_deliveries",
  {
    id: asciiId("id").primaryKey(),
    webhookId: asciiId("webhook_id")
      .notNull()
      .references(() => webhooks.id, { onDelete: "cascade" }),
    /** The same at every attempt and for every webhook: receivers tell repetitions by it. */
    messageId: exactText("message_id", { length: 64 }).notNull(),
    event: varchar("event", { length: 40 }).$type<WebhookEvent>().notNull(),
    approvalId: asciiId("approval_id"),
    payload: json<EventPayload>("payload").notNull(),
    status: mysqlEnum("status", DELIVERY_STATES).notNull(),
    attempts: int("attempts").notNull().default(0),
    /** When it is due; while an attempt runs, when somebody else may take it over. */
    nextAt: instant("next_at").notNull(),
    responseCode: int("response_code"),
    /** The first 500 characters. */
    responseBody: varchar("response_body", { length: 500 }),
    error: varchar("error", { length: 500 }),
    createdAt: instant("created_at").notNull(),
    lastAttemptAt: instant("last_attempt_at"),
    deliveredAt: instant("delivered_at"),
  },
  (t) => [
    uniqueIndex("webhook_deliveries_message").on(t.webhookId, t.messageId),
    index("webhook_deliveries_due").on(t.status, t.nextAt),
    index("webhook_deliveries_webhook").on(t.webhookId, t.id),
  ],
);
