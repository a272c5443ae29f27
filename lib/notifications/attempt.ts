import { and, eq, lte } from "drizzle-orm";
import { refusedAddress } from "@/lib/connections/address";
import { masterKey } from "@/lib/connections/credential";
import { open } from "@/lib/crypto/seal";
import type { DbOrTx } from "@/lib/db/client";
import { webhookDeliveries, webhooks } from "@/lib/db/schema";
import { pauseAfter } from "./backoff";
import type { DeliveryState } from "./events";
import { bodyOf } from "./message";
import { secretContext } from "./secret-context";
import { signedHeaders } from "./signature";
import { refusedUrl } from "./target";

/** A receiver that takes longer has failed. */
export const SEND_TIMEOUT_MS = 10_000;
/** Longer than any attempt: until then a claimed message is its claimer's. */
const CLAIM_MS = 60_000;
/** Of an answer, at most this is kept. */
export const KEPT_CHARACTERS = 500;

export interface WebhookRequest {
  readonly url: string;
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Why the address that the host resolved to may not be called; null when it may. To be asked before connecting, of that very address. */
  readonly refuses: (address: string) => string | null;
}

export interface WebhookResponse {
  readonly status: number;
  /** Of the body, no more than its beginning need be read. */
  readonly body: string;
}

/** What the process at the edge brings: lib opens no sockets. It must not follow redirects, and rejects when there is no answer. */
export type SendWebhook = (request: WebhookRequest) => Promise<WebhookResponse>;

export interface DeliveryParts {
  readonly send: SendWebhook;
  readonly consoleUrl: string;
  /** In [0, 1); for the jitter. */
  readonly random?: () => number;
}

export interface Attempt {
  readonly id: string;
  readonly status: DeliveryState;
  readonly responseCode: number | null;
  readonly error: string | null;
}

/**
 * One attempt at one message, if nobody else is at it; null otherwise. Never rejects for what the receiver does. Its row in the log is the
 * record; an audit event per message would repeat the event that it tells of.
 */
export async function attemptDelivery(
  db: DbOrTx,
  id: string,
  parts: DeliveryParts,
  at: Date = new Date(),
): Promise<Attempt | null> {
  const [found] = await db
    .select({ delivery: webhookDeliveries, webhook: webhooks })
    .from(webhookDeliveries)
    .innerJoin(webhooks, eq(webhooks.id, webhookDeliveries.webhookId))
    .where(eq(webhookDeliveries.id, id));
  if (found === undefined) return null;
  const { delivery, webhook } = found;
  const attempts = delivery.attempts + 1;
  const [claimed] = await db
    .update(webhookDeliveries)
    .set({ attempts, lastAttemptAt: at, nextAt: new Date(at.getTime() + CLAIM_MS) })
    .where(
      and(
        eq(webhookDeliveries.id, id),
        eq(webhookDeliveries.status, "pending"),
        eq(webhookDeliveries.attempts, delivery.attempts),
        lte(webhookDeliveries.nextAt, at),
      ),
    );
  if (claimed.affectedRows === 0) return null;
  const outcome = await send(delivery, webhook, parts, at);
  const pause = pauseAfter(attempts, (parts.random ?? Math.random)());
  const status = outcome.error === null ? "delivered" : pause === null ? "dead" : "pending";
  await db
    .update(webhookDeliveries)
    .set({
      status,
      responseCode: outcome.responseCode,
      responseBody: outcome.responseBody,
      error: outcome.error,
      ...(status === "delivered" ? { deliveredAt: at } : {}),
      ...(status === "pending" && pause !== null ? { nextAt: new Date(at.getTime() + pause) } : {}),
    })
    // Somebody who took it over after the claim was over has counted on.
    .where(and(eq(webhookDeliveries.id, id), eq(webhookDeliveries.attempts, attempts)));
  return { id, status, responseCode: outcome.responseCode, error: outcome.error };
}

type Outcome = Pick<typeof webhookDeliveries.$inferSelect, "responseCode" | "responseBody" | "error">;

async function send(
  delivery: typeof webhookDeliveries.$inferSelect,
  webhook: typeof webhooks.$inferSelect,
  parts: DeliveryParts,
  at: Date,
): Promise<Outcome> {
  try {
    const refused = refusedUrl(webhook.url);
    if (refused !== null) return { responseCode: null, responseBody: null, error: `Not sent: the address ${refused}` };
    const body = bodyOf(delivery.payload, webhook.format, parts.consoleUrl);
    const secret = open(masterKey(), webhook.sealedSecret, secretContext(webhook.id));
    const response = await parts.send({
      url: webhook.url,
      method: "POST",
      headers: signedHeaders(secret, delivery.messageId, at, body),
      body,
      timeoutMs: SEND_TIMEOUT_MS,
      refuses: refusedAddress,
    });
    const ok = response.status >= 200 && response.status < 300;
    return {
      responseCode: response.status,
      responseBody: response.body.slice(0, KEPT_CHARACTERS),
      error: ok ? null : `The receiver answered ${response.status}`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { responseCode: null, responseBody: null, error: `No answer: ${why}`.slice(0, KEPT_CHARACTERS) };
  }
}
