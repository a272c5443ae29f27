import { isIpAddress, refusedAddress } from "@/lib/connections/address";

const LOOPBACK_NAME = /(^|\.)localhost$/;

/** The host of a URL as an address or name, without the brackets of IPv6. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function isLoopback(host: string): boolean {
  return LOOPBACK_NAME.test(host) || host === "::1" || (isIpAddress(host) && host.startsWith("127."));
}

/** Why this may not be a webhook's address, as a phrase; null when it may. What its name resolves to is asked at every attempt. */
export function refusedUrl(text: string): string | null {
  if (!URL.canParse(text)) return "must be a whole address, e.g. https://hooks.example.com/sallyport";
  const url = new URL(text);
  const host = hostOf(url);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(host))) {
    return "must start with https:// (http:// only to this machine)";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  if (url.hash !== "") return "must not hold a fragment (#)";
  const refused = refusedAddress(host);
  return refused === null ? null : `${host} is ${refused}`;
}
