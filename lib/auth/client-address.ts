/**
 * The browser's address for the audit trail: what the nearest proxy (or the server itself) added last to X-Forwarded-For.
 * Earlier entries are the client's own claim and are ignored.
 */
export function clientAddress(headers: Headers): string | null {
  return headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().slice(0, 64) || null;
}
