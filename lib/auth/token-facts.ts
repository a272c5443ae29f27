import type { JWTPayload } from "jose";
import type { IDENTITY_KINDS } from "@/lib/db/schema/identities";
import { SallyportError } from "@/lib/errors/error";
import type { BindingFacts } from "@/lib/policy/binding";

/** What a validated access token says about its holder. */
export interface TokenFacts extends BindingFacts {
  readonly issuer: string;
  /** null: the token says no name. */
  readonly name: string | null;
  /** Whether the token has the groups claim at all; without it `groups` is empty. */
  readonly saysGroups: boolean;
  readonly kind: (typeof IDENTITY_KINDS)[number];
  readonly expiresAt: Date;
}

const MAX_CLAIM = 255;
const MAX_GROUPS = 2_000;

/** Reads the claims of a verified token. Throws LOGIN_REFUSED where a claim that rights hang on cannot be trusted. */
export function readTokenFacts(claims: JWTPayload, groupsClaim: string): TokenFacts {
  const subject = text(claims.sub);
  if (subject === null || subject.length > MAX_CLAIM) {
    throw refused("has no usable subject (sub claim)", `The IdP must issue a sub of at most ${MAX_CLAIM} characters`);
  }
  const clientId = text(claims.client_id) ?? text(claims.azp);
  if (clientId !== null && clientId.length > MAX_CLAIM) {
    throw refused("has an over-long client id", `The IdP must issue a client_id of at most ${MAX_CLAIM} characters`);
  }
  // An address that its holder typed in and nobody verified must not match a policy.
  const given = claims.email_verified === false ? null : text(claims.email);
  const email = given !== null && given.length <= MAX_CLAIM ? given : null;
  const kind = isMachine(claims, subject, clientId) ? "machine" : "person";
  const name =
    kind === "machine" ? (clientId ?? subject) : (text(claims.name) ?? text(claims.preferred_username) ?? email);
  const groups = readGroups(claims, groupsClaim);
  return {
    issuer: claims.iss ?? "",
    subject,
    clientId,
    groups: groups ?? [],
    saysGroups: groups !== null,
    email,
    name: name?.slice(0, MAX_CLAIM) ?? null,
    kind,
    expiresAt: new Date((claims.exp ?? 0) * 1000),
  };
}

/** Client credentials as RFC 9068 (sub is the client), Auth0 (gty), Entra ID (idtyp) and Keycloak (service account) mark them. */
function isMachine(claims: JWTPayload, subject: string, clientId: string | null): boolean {
  return (
    subject === clientId ||
    claims.gty === "client-credentials" ||
    claims.idtyp === "app" ||
    (clientId !== null && claims.preferred_username === `service-account-${clientId}`)
  );
}

function readGroups(claims: JWTPayload, claim: string): readonly string[] | null {
  const elsewhere = claims._claim_names;
  const overage = typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  if (overage || claims.hasgroups === true) {
    throw refused(
      "leaves out its groups because there are too many (groups overage)",
      "Let the IdP send only the groups assigned to this application, or use application roles",
    );
  }
  const value = Object.hasOwn(claims, claim) ? claims[claim] : atPath(claims, claim.split("."));
  if (value === undefined || value === null) {
    return null;
  }
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || !list.every((one) => typeof one === "string") || list.length > MAX_GROUPS) {
    throw refused(
      `has a ${claim} claim that is not a list of at most ${MAX_GROUPS} names`,
      "Check OIDC_GROUPS_CLAIM and the claim's mapping at the IdP",
    );
  }
  return [...new Set(list)].filter((one) => one !== "");
}

function atPath(claims: JWTPayload, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === "object" && inside !== null && Object.hasOwn(inside, key)
        ? (inside as Record<string, unknown>)[key]
        : undefined,
    claims,
  );
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function refused(what: string, next: string): SallyportError {
  return new SallyportError("LOGIN_REFUSED", `The access token ${what}`, { next });
}
