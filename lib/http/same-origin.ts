import { SallyportError } from "@/lib/errors/error";

/**
 * Lets a request that changes something pass only when the console's own pages sent it (Origin, and Sec-Fetch-Site where the browser sends it).
 * A request without Origin is refused: every browser sends it with POST, PUT, PATCH and DELETE. Throws FORBIDDEN.
 */
export function requireSameOrigin(headers: Headers, consoleUrl: string): void {
  const site = headers.get("sec-fetch-site");
  if (headers.get("origin") !== new URL(consoleUrl).origin || (site !== null && site !== "same-origin")) {
    throw new SallyportError("FORBIDDEN", "This request does not come from the console's own pages", {
      next: `Use the console at ${new URL(consoleUrl).origin}; CONSOLE_URL must be the address people use`,
    });
  }
}
