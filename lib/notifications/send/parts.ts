import { env } from "@/lib/config/env";
import type { DeliveryParts } from "../attempt";
import { sendWebhook } from "./post";

/** How this process delivers: over the network, with links to this console. */
export function deliveryParts(): DeliveryParts {
  return { send: sendWebhook, consoleUrl: env("console").CONSOLE_URL };
}
