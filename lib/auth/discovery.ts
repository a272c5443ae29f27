import { z } from "zod";
import { SallyportError } from "@/lib/errors/error";

const FETCH_MS = 5_000;
const MAX_BYTES = 1_048_576;

const endpoint = z.url({ protocol: /^https?$/ });
const providerMetadata = z.object({
  issuer: z.string(),
  jwks_uri: endpoint,
  token_endpoint: endpoint.optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(["client_secret_basic"]),
});

export interface ProviderMetadata {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly tokenEndpoint: string | null;
  /** How clients prove themselves there; client_secret_basic when the document does not say. */
  readonly tokenAuthMethods: readonly string[];
}

/** What to tell a person when the IdP cannot be used; `cause` is for logs. */
function unavailable(issuer: string, what: string, cause?: unknown): SallyportError {
  return new SallyportError("UNAVAILABLE", `The identity provider ${issuer} ${what}`, {
    next: "Check that it is up and that OIDC_ISSUER is right, then try again",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** GETs a small JSON document of the IdP: no redirects, at most 1 MiB, 5 s. Throws UNAVAILABLE. */
export async function fetchProviderJson(issuer: string, url: string): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      redirect: "manual",
      headers: { accept: "application/json" },
      signal: AbortSignal.timeout(FETCH_MS),
    });
    text = await readCapped(response);
  } catch (cause) {
    throw unavailable(issuer, `does not answer at ${url}`, cause);
  }
  if (response.status !== 200) {
    throw unavailable(issuer, `answered ${response.status} at ${url}`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unavailable(issuer, `did not answer with JSON at ${url}`, cause);
  }
}

async function readCapped(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) {
      throw new Error(`more than ${MAX_BYTES} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/**
 * Reads the issuer's discovery document (OpenID Connect Discovery 1.0, section 4). Its `issuer` must be the given one byte for byte,
 * and an https issuer must name https endpoints. Throws UNAVAILABLE.
 */
export async function discoverProvider(issuer: string): Promise<ProviderMetadata> {
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const parsed = providerMetadata.safeParse(await fetchProviderJson(issuer, url));
  if (!parsed.success) {
    throw unavailable(issuer, `has a discovery document without a usable ${String(parsed.error.issues[0]?.path[0])}`);
  }
  const { issuer: named, jwks_uri: jwksUri, token_endpoint: tokenEndpoint } = parsed.data;
  if (named !== issuer) {
    throw unavailable(issuer, `calls itself ${named.slice(0, 200)} in its discovery document`);
  }
  for (const one of [jwksUri, ...(tokenEndpoint === undefined ? [] : [tokenEndpoint])]) {
    if (issuer.startsWith("https:") && !one.startsWith("https:")) {
      throw unavailable(issuer, `names the unencrypted endpoint ${one}`);
    }
  }
  const tokenAuthMethods = parsed.data.token_endpoint_auth_methods_supported;
  return { issuer, jwksUri, tokenEndpoint: tokenEndpoint ?? null, tokenAuthMethods };
}
