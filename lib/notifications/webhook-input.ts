import { z } from "zod";
import { ulidText } from "@/lib/db/ulid-bounds";
import { policyName } from "@/lib/policy/rule";
import { WEBHOOK_EVENTS, WEBHOOK_FORMATS } from "./events";
import { refusedUrl } from "./target";

const fields = {
  name: policyName,
  url: z
    .string()
    .trim()
    .max(1000)
    .refine((text) => refusedUrl(text) === null, {
      error: (issue) => refusedUrl(String(issue.input)) ?? "not allowed",
    }),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1, "choose at least one event")
    .transform((events) => WEBHOOK_EVENTS.filter((event) => events.includes(event))),
  format: z.enum(WEBHOOK_FORMATS),
  enabled: z.boolean(),
};

export const newWebhook = z.strictObject({ ...fields, enabled: fields.enabled.default(true) });
export const webhookChange = z.strictObject({
  id: ulidText,
  /** The version the person started from; another one in the store is a CONFLICT. */
  version: z.int().min(1),
  ...fields,
  /** Makes a new secret; the old one is gone at once. */
  newSecret: z.boolean().default(false),
});
export const webhookId = z.strictObject({ id: ulidText });
