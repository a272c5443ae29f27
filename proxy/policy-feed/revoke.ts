import { binds } from "@/lib/policy/binding";
import type { GatewaySnapshot } from "@/lib/policy/snapshot";
import { upstreamKey } from "../login/login";
import type { LiveSession } from "../session/registry";

/** What a revocation looks at. */
export type RevocableSession = Pick<LiveSession, "identityId" | "connectionId" | "facts" | "terminate">;

/** Why a session may not go on under this configuration, or null when it may. */
export function revocationOf(session: RevocableSession, snapshot: GatewaySnapshot): string | null {
  if (snapshot.suspended.has(session.identityId)) {
    return "identity suspended";
  }
  const connection = snapshot.byId.get(session.connectionId);
  if (connection === undefined) {
    return "connection deleted";
  }
  if (upstreamKey(connection) !== session.facts.upstreamKey) {
    return "connection changed";
  }
  return binds(connection.bindings, session.facts) ? null : "binding removed";
}

/**
 * Ends the sessions that the configuration no longer allows. Each session is looked at once per configuration, also one that
 * logged in under the one before and appeared after the swap.
 */
export class Revoker {
  readonly #checked = new WeakMap<RevocableSession, GatewaySnapshot>();
  readonly #onRevoked: (session: RevocableSession, why: string) => void;

  constructor(onRevoked: (session: RevocableSession, why: string) => void = () => undefined) {
    this.#onRevoked = onRevoked;
  }

  check(sessions: Iterable<RevocableSession>, snapshot: GatewaySnapshot): void {
    // A copy: terminating a session takes it out of what we walk.
    for (const session of [...sessions]) {
      if (this.#checked.get(session) === snapshot) {
        continue;
      }
      this.#checked.set(session, snapshot);
      const why = revocationOf(session, snapshot);
      if (why !== null) {
        session.terminate("revoked");
        this.#onRevoked(session, why);
      }
    }
  }
}
