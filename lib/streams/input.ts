import { z } from "zod";
import { ulidText } from "@/lib/db/ulid-bounds";
import { refusedUrl } from "@/lib/notifications/target";
import { policyName } from "@/lib/policy/rule";

/** Where a new stream begins in what is recorded already. */
export const STREAM_STARTS = ["now", "beginning"] as const;
export type StreamStart = (typeof STREAM_STARTS)[number];

const url = z
  .string()
  .trim()
  .max(1000)
  .refine((text) => refusedUrl(text) === null, {
    error: (issue) => refusedUrl(String(issue.input)) ?? "not allowed",
  });
const fields = { name: policyName, statements: z.boolean(), enabled: z.boolean() };

export const newStream = z.strictObject({
  ...fields,
  url,
  enabled: fields.enabled.default(true),
  start: z.enum(STREAM_STARTS),
});
export const streamChange = z.strictObject({
  id: ulidText,
  /** The version the person started from; another one in the store is a CONFLICT. */
  version: z.int().min(1),
  ...fields,
  /** null: the file that the environment names, which can not be changed here. */
  url: url.nullable(),
  /** Makes a new secret; the old one is gone at once. */
  newSecret: z.boolean().default(false),
});
export const streamId = z.strictObject({ id: ulidText });
