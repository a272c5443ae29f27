import { webhooks } from "@/lib/db/schema";

/** What pages may see of a webhook: everything but the secret. */
export const webhookColumns = {
  id: webhooks.id,
  name: webhooks.name,
  url: webhooks.url,
  events: webhooks.events,
  format: webhooks.format,
  enabled: webhooks.enabled,
  version: webhooks.version,
  createdAt: webhooks.createdAt,
  updatedAt: webhooks.updatedAt,
  updatedBy: webhooks.updatedBy,
};
export type WebhookView = Omit<typeof webhooks.$inferSelect, "sealedSecret">;

/** What the audit trail keeps of an address: paths of chat services are credentials. */
export const auditedUrl = (url: string) => new URL(url).origin;
