import { z } from "zod";
import { SallyportError } from "@/lib/errors/error";
import { discoverProvider } from "./discovery";

const ANSWER_MS = 10_000;

export interface ClientTokenRequest {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Resource indicator (RFC 8707). */
  readonly audience: string;
  readonly scope: string;
}
export interface ClientToken {
  readonly accessToken: string;
  /** Seconds, when the IdP says. */
  readonly expiresIn: number | null;
}

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().optional() });
const refusal = z.object({ error: z.string(), error_description: z.string().optional() });

/** `application/x-www-form-urlencoded`, as RFC 6749 (2.3.1) wants id and secret in the Basic header. */
function formEncode(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}

/**
 * Gets an access token with the client credentials grant (RFC 6749, 4.4) at the issuer's discovered token endpoint.
 * Throws UNAVAILABLE when the IdP does not answer, LOGIN_REFUSED when it refuses the client. The secret is in no message.
 */
export async function requestClientToken(request: ClientTokenRequest): Promise<ClientToken> {
  const { issuer, clientId, clientSecret, audience, scope } = request;
  const { tokenEndpoint, tokenAuthMethods } = await discoverProvider(issuer);
  if (tokenEndpoint === null) {
    throw new SallyportError("UNAVAILABLE", `The identity provider ${issuer} names no token endpoint`);
  }
  const form = new URLSearchParams({ grant_type: "client_credentials", resource: audience, scope });
  const headers: Record<string, string> = { accept: "application/json" };
  if (tokenAuthMethods.includes("client_secret_basic")) {
    const credential = `${formEncode(clientId)}:${formEncode(clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(credential).toString("base64")}`;
  } else {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
  }
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(tokenEndpoint, {
      method: "POST",
      headers,
      body: form,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    body = await response.json();
  } catch (cause) {
    throw new SallyportError(
      "UNAVAILABLE",
      `The identity provider ${issuer} gives no usable answer at ${tokenEndpoint}`,
      {
        next: "Check that it is up, then try again",
        cause,
      },
    );
  }
  const token = granted.safeParse(body);
  if (response.ok && token.success) {
    return { accessToken: token.data.access_token, expiresIn: token.data.expires_in ?? null };
  }
  const refused = refusal.safeParse(body);
  const why = refused.success
    ? `${refused.data.error}${refused.data.error_description === undefined ? "" : `: ${refused.data.error_description}`}`
    : `status ${response.status}`;
  throw new SallyportError(
    "LOGIN_REFUSED",
    `The identity provider refuses the client ${clientId} (${why.slice(0, 300)})`,
    {
      next: "Check the client's id and secret, and that it may ask for this audience and scope",
    },
  );
}
