import { z } from "zod";
import { fetchProviderJson } from "@/lib/auth/discovery";
import { env } from "@/lib/config/env";

const metadata = z.object({
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  end_session_endpoint: z.url({ protocol: /^https?$/ }).optional(),
});
type BrowserEndpoints = z.output<typeof metadata>;
const KEPT_MS = 300_000;
let known: { readonly at: number; readonly endpoints: BrowserEndpoints } | null = null;

/** The identity provider's pages that a browser is sent to, from its discovery document; kept for five minutes. Null while it does not answer. */
export async function browserEndpoints(): Promise<BrowserEndpoints | null> {
  if (known !== null && Date.now() - known.at < KEPT_MS) return known.endpoints;
  const issuer = env("oidc").OIDC_ISSUER;
  try {
    const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    known = { at: Date.now(), endpoints: metadata.parse(await fetchProviderJson(issuer, url)) };
    return known.endpoints;
  } catch {
    return known?.endpoints ?? null;
  }
}

/**
 * Where to send the browser to sign out at the identity provider too (OpenID Connect RP-Initiated Logout 1.0, section 2).
 * A provider without such a page, or that does not answer, leaves the console's own page.
 */
export async function endSessionUrl(idToken: string | null): Promise<string> {
  const { CONSOLE_URL, OIDC_CLIENT_ID } = env("console");
  const home = new URL("/sign-in", CONSOLE_URL).href;
  const page = (await browserEndpoints())?.end_session_endpoint;
  if (page === undefined) return home;
  const url = new URL(page);
  url.searchParams.set("client_id", OIDC_CLIENT_ID);
  url.searchParams.set("post_logout_redirect_uri", home);
  if (idToken !== null) url.searchParams.set("id_token_hint", idToken);
  return url.href;
}
