import { env } from "@/lib/config/env";
import { sendWebhook } from "@/lib/notifications/send/post";
import type { StreamParts } from "../deliver";
import { appendFile } from "./append-file";

/** How this process sends: over the network as webhooks do, and to the file of its environment. */
export function streamParts(): StreamParts {
  return { send: sendWebhook, file: env("streams").AUDIT_STREAM_FILE ?? null, append: appendFile };
}
