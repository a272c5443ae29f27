import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from "jose";
import { SallyportError } from "@/lib/errors/error";
import { IssuerKeys, type KeyTimes } from "./issuer-keys";
import { readTokenFacts, type TokenFacts } from "./token-facts";

/** Signatures only the issuer can make: with HS256 everyone who knows the "public" key could sign. */
export const ACCESS_TOKEN_ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
/** Largest token looked at; real ones with hundreds of groups stay below 16 KiB. */
export const MAX_TOKEN_BYTES = 65_536;
const CLOCK_TOLERANCE_SECONDS = 30;
const ACCESS_TOKEN_TYPES = new Set(["jwt", "at+jwt", "application/at+jwt"]);

export interface AccessTokenSettings {
  readonly issuer: string;
  readonly audience: string;
  readonly groupsClaim: string;
  readonly keyTimes?: Partial<KeyTimes>;
}

export interface AccessTokenVerifier {
  /**
   * Validates a JWT access token: size, form, algorithm, signature, iss, aud, exp, nbf, and that it is not an ID token.
   * Throws LOGIN_REFUSED with a message that names the failed check, or UNAVAILABLE when the issuer's keys cannot be had.
   */
  verify(token: string): Promise<TokenFacts>;
  /** Fetches the issuer's keys ahead of the first login. Throws UNAVAILABLE. */
  warm(): Promise<void>;
}

export function createAccessTokenVerifier(settings: AccessTokenSettings): AccessTokenVerifier {
  const keys = new IssuerKeys(settings.issuer, settings.keyTimes);
  return {
    warm: () => keys.refresh(),
    verify: async (token) => {
      checkForm(token);
      const claims = await verifySignatureAndClaims(token, keys, settings);
      if ((claims.exp ?? 0) * 1000 <= Date.now()) {
        throw expired(claims);
      }
      refuseIdToken(claims);
      return readTokenFacts(claims, settings.groupsClaim);
    },
  };
}

async function verifySignatureAndClaims(token: string, keys: IssuerKeys, settings: AccessTokenSettings) {
  try {
    const { payload } = await jwtVerify(token, keys.resolve, {
      algorithms: [...ACCESS_TOKEN_ALGORITHMS],
      issuer: settings.issuer,
      audience: settings.audience,
      requiredClaims: ["exp", "sub"],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    throw explain(error, settings);
  }
}

function checkForm(token: string): void {
  if (token === "") {
    throw refused("No access token was given", "Pass an OIDC access token as the password");
  }
  if (token.length > MAX_TOKEN_BYTES) {
    throw refused(
      `The access token is larger than ${MAX_TOKEN_BYTES / 1024} KiB`,
      "Ask the IdP for a token with fewer claims or groups",
    );
  }
  let header: ProtectedHeaderParameters;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw refused(
      "The password is not a JWT access token",
      "Pass the access token of the IdP as the password, not a database password",
    );
  }
  if (!ACCESS_TOKEN_ALGORITHMS.some((one) => one === header.alg)) {
    throw refused(
      `The access token's algorithm ${String(header.alg).slice(0, 20)} is not allowed`,
      `The IdP must sign with one of ${ACCESS_TOKEN_ALGORITHMS.join(", ")}`,
    );
  }
  if (header.typ !== undefined && !ACCESS_TOKEN_TYPES.has(String(header.typ).toLowerCase())) {
    throw notAnAccessToken();
  }
}

/** The marks of an ID token (OpenID Connect Core 1.0, section 3.1.3.6) and of Keycloak's other tokens. */
function refuseIdToken(claims: JWTPayload): void {
  const otherType = typeof claims.typ === "string" && claims.typ.toLowerCase() !== "bearer";
  if (claims.at_hash !== undefined || claims.c_hash !== undefined || otherType) {
    throw notAnAccessToken();
  }
}

function notAnAccessToken(): SallyportError {
  return refused(
    "The token is not an access token",
    "Pass the access token, not an ID, refresh or logout token of a browser sign-in",
  );
}

function expired(claims: JWTPayload): SallyportError {
  const since = typeof claims.exp === "number" ? ` at ${new Date(claims.exp * 1000).toISOString()}` : "";
  return refused(`The access token expired${since}`, "Get a new token from the IdP and connect again");
}

/** Turns jose's errors into one sentence about the failed check. */
function explain(error: unknown, { issuer, audience }: AccessTokenSettings): SallyportError {
  if (error instanceof SallyportError) {
    return error;
  }
  if (error instanceof errors.JWTExpired) {
    return expired(error.payload);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return explainClaim(error, issuer, audience);
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return refused(
      `The access token's signing key is not one of ${issuer}`,
      "Get the token from that issuer; after a key rotation, get a new one",
    );
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused("The access token does not say which key signed it", "The IdP must put a kid into the header");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return refused("The access token's signature is wrong", "Pass the token exactly as the IdP issued it");
  }
  return new SallyportError("LOGIN_REFUSED", "The access token is malformed", {
    next: "Pass the token exactly as the IdP issued it",
    cause: error,
  });
}

function explainClaim(error: errors.JWTClaimValidationFailed, issuer: string, audience: string): SallyportError {
  if (error.reason === "missing") {
    return refused(`The access token has no ${error.claim} claim`, "The IdP must issue one");
  }
  switch (error.claim) {
    case "iss":
      return refused("The access token was issued by another issuer (iss)", `Get it from ${issuer}`);
    case "aud":
      return refused(
        `The access token is not meant for this gateway (aud is not ${audience})`,
        `Ask the IdP for a token with resource or audience ${audience}`,
      );
    case "nbf":
      return refused("The access token is not valid yet (nbf)", "Wait, or correct the clocks");
    default:
      return refused(`The access token's ${error.claim} claim is not valid`, "Get a new token from the IdP");
  }
}

function refused(message: string, next: string): SallyportError {
  return new SallyportError("LOGIN_REFUSED", message, { next });
}
