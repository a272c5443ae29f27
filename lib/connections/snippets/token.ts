import { shell } from "./quote";

/** How an agent gets its token with client credentials (RFC 6749, section 4.4). */
export interface TokenFacts {
  readonly clientId: string;
  /** The IdP's token endpoint, from its discovery document; null when it could not be read. */
  readonly tokenEndpoint: string | null;
  /** What the token must carry as `aud`. */
  readonly audience: string;
  /** The demo client's secret, in the embedded default only. */
  readonly demoSecret: string | null;
}

/** The secret goes through a variable, so that it stays out of the shell's history. */
export function secretLine(facts: TokenFacts): string {
  return facts.demoSecret === null
    ? "read -rs SALLYPORT_CLIENT_SECRET && export SALLYPORT_CLIENT_SECRET"
    : `export SALLYPORT_CLIENT_SECRET=${shell(facts.demoSecret)}`;
}

/** With this project's own command. */
export function sallyportToken(facts: TokenFacts): string {
  return `${secretLine(facts)}
export SALLYPORT_TOKEN="$(npx sallyport token --client ${shell(facts.clientId)} --secret "$SALLYPORT_CLIENT_SECRET")"
`;
}

/** With curl alone. The credentials go in on standard input, not as arguments that every process can see. */
export function curlToken(facts: TokenFacts): string {
  const endpoint = facts.tokenEndpoint ?? "https://your-idp.example.com/token";
  return `${secretLine(facts)}
export SALLYPORT_TOKEN="$(printf 'user = "%s:%s"' ${shell(facts.clientId)} "$SALLYPORT_CLIENT_SECRET" |
  curl --silent --show-error --fail --config - ${shell(endpoint)} \\
    --data-urlencode grant_type=client_credentials \\
    --data-urlencode ${shell(`resource=${facts.audience}`)} \\
    --data-urlencode scope=mysql:connect |
  sed -n 's/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p')"
`;
}
