import { createHmac, randomBytes } from "node:crypto";

/** Signatures as Standard Webhooks 1.0 says (github.com/standard-webhooks), so that receivers use a library they can get. */

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A new secret, as receivers enter it. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/** HMAC-SHA256 over `id.timestamp.body`; the timestamp in seconds. A receiver refuses old timestamps and repeated ids. */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

/** The headers of one attempt. */
export function signedHeaders(
  secret: string,
  id: string,
  at: Date,
  body: string,
  contentType = "application/json",
): Readonly<Record<string, string>> {
  const timestamp = Math.floor(at.getTime() / 1000);
  return {
    "content-type": contentType,
    "user-agent": "Sallyport-Webhooks/1",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatureOf(secret, id, timestamp, body),
  };
}
