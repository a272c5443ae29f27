import type { AccessTokenVerifier } from "@/lib/auth/access-token";
import type { TokenFacts } from "@/lib/auth/token-facts";
import { SallyportError } from "@/lib/errors/error";
import { type BindingFacts, binds } from "@/lib/policy/binding";
import type { GatewaySnapshot, SnapshotConnection } from "@/lib/policy/snapshot";
import { type GatewayPorts, IdentifiedRefusal, type LoginGrant, type UpstreamTarget } from "../session/ports";
import type { IdentityDirectory, KnownIdentity } from "./identity-directory";

export interface LoginParts {
  readonly verifier: AccessTokenVerifier;
  readonly directory: Pick<IdentityDirectory, "find">;
  /** The newest configuration, or null before the first was loaded. */
  readonly snapshot: () => GatewaySnapshot | null;
  /** Opens a connection's sealed password. */
  readonly openCredential: (connectionId: string, sealed: string) => string;
  /** The same for its restricted account. */
  readonly openRestrictedCredential: (connectionId: string, sealed: string) => string;
}

/** The login of the MySQL wire: token, then identity, then connection and binding, then the upstream's credential. */
export function createLogin(parts: LoginParts): GatewayPorts["login"] {
  const { verifier, directory, snapshot } = parts;
  return async (connectionName, token) => {
    const facts = await verifier.verify(token);
    const identity = await directory.find(facts);
    const configuration = snapshot();
    if (configuration === null) {
      throw new SallyportError("UNAVAILABLE", "The gateway has not loaded its configuration yet", {
        next: "Try again in a few seconds",
      });
    }
    if (identity.suspended || configuration.suspended.has(identity.id)) {
      throw new IdentifiedRefusal(
        identity,
        `The identity ${identity.name} is suspended`,
        "Ask a Sallyport administrator to reactivate it",
      );
    }
    const connection = configuration.byName.get(connectionName);
    // One answer for "no such connection" and "not yours": names of connections are not for guessing.
    if (connection === undefined || !binds(connection.bindings, facts)) {
      throw notBound(connectionName, facts, identity);
    }
    return grantFor(identity, connection, facts, parts);
  };
}

/** Tells the upstream accounts of a connection from others; without their passwords, which may rotate under open sessions. */
export function upstreamKey(connection: SnapshotConnection): string {
  const { host, port, user, restricted, tls, ca } = connection;
  return JSON.stringify([host, port, user, restricted?.user ?? null, tls, ca]);
}

/** What a session needs of somebody who may log in; who that is has been found out before. Throws UNAVAILABLE. */
export function grantFor(
  identity: LoginGrant["identity"],
  connection: SnapshotConnection,
  facts: BindingFacts & Pick<TokenFacts, "expiresAt">,
  { openCredential, openRestrictedCredential }: Pick<LoginParts, "openCredential" | "openRestrictedCredential">,
): LoginGrant {
  const { id, name, schema, limits, recording, host, port, user, tls, ca } = connection;
  const upstream = { host, port, user, password: openPassword(connection, openCredential), tls, ca };
  const { clientId, subject, groups, email } = facts;
  return {
    identity: { id: identity.id, name: identity.name },
    facts: { clientId, subject, groups, email, upstreamKey: upstreamKey(connection) },
    connection: {
      id,
      name,
      schema,
      limits,
      recording,
      upstream,
      restricted: restrictedTarget(connection, upstream, openRestrictedCredential),
    },
    tokenExpiresAt: facts.expiresAt,
  };
}

function notBound(connectionName: string, facts: TokenFacts, identity: KnownIdentity): IdentifiedRefusal {
  const asked = connectionName.slice(0, 64);
  const [key, value] =
    facts.kind === "machine" && facts.clientId !== null
      ? ["client_id", facts.clientId]
      : facts.email === null
        ? ["subject", facts.subject]
        : ["email", facts.email];
  return new IdentifiedRefusal(
    identity,
    `No policy lets the identity ${identity.name} use a connection named ${asked === "" ? "(empty)" : asked}`,
    `Check the user name, or ask an admin to bind {${key}: ${value}} to it`,
  );
}

function restrictedTarget(
  connection: SnapshotConnection,
  main: UpstreamTarget,
  open: LoginParts["openRestrictedCredential"],
): UpstreamTarget | null {
  const { restricted } = connection;
  if (restricted === null) return null;
  return { ...main, user: restricted.user, password: opened(connection, restricted.sealedPassword, open) };
}

/** The password in clear. Throws UNAVAILABLE when the stored credential does not open. */
export function openPassword(connection: SnapshotConnection, openCredential: LoginParts["openCredential"]): string {
  return opened(connection, connection.sealedPassword, openCredential);
}

function opened(connection: SnapshotConnection, sealed: string, open: LoginParts["openCredential"]): string {
  try {
    return open(connection.id, sealed);
  } catch (cause) {
    throw new SallyportError("UNAVAILABLE", `The stored credential of ${connection.name} cannot be opened`, {
      next: "Ask the gateway's operator to check SALLYPORT_MASTER_KEY, or an admin to store the password again",
      cause,
    });
  }
}
