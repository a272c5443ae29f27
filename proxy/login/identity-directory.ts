import { LRUCache } from "lru-cache";
import type { TokenFacts } from "@/lib/auth/token-facts";
import type { Db } from "@/lib/db/client";
import { SallyportError } from "@/lib/errors/error";
import { type IdentityRow, type SeenIdentity, upsertIdentity } from "@/lib/identities/upsert";

const MAX_IDENTITIES = 10_000;
/** A repeated login with the same facts writes to the store at most this often. */
const WRITE_EVERY_MS = 30_000;
/** How long an identity is known here while the store cannot be asked. */
const KNOWN_MS = 15 * 60_000;

export interface KnownIdentity {
  readonly id: string;
  readonly name: string;
  readonly suspended: boolean;
}
interface Entry {
  readonly identity: KnownIdentity;
  readonly facts: string;
  readonly writtenAt: number;
}

/**
 * Finds the row of an identity and keeps it up to date. Identities seen lately are remembered, so that a busy agent does not
 * write at every login, and a store outage stops only those never seen here. The suspension to trust is the policy feed's.
 */
export class IdentityDirectory {
  readonly #db: Db;
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_IDENTITIES, ttl: KNOWN_MS });
  /** Writes under way, by what they write: a hundred connections of one agent opened at once make one. */
  readonly #writing = new Map<string, Promise<IdentityRow>>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Throws UNAVAILABLE when the store does not answer and the identity is not remembered. */
  async find(facts: TokenFacts): Promise<KnownIdentity> {
    const key = JSON.stringify([facts.issuer, facts.subject]);
    const seen = {
      issuer: facts.issuer,
      subject: facts.subject,
      kind: facts.kind,
      clientId: facts.clientId,
      email: facts.email,
      name: facts.name,
      groups: facts.saysGroups ? facts.groups : null,
    };
    const stated = JSON.stringify(seen);
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.facts === stated && Date.now() - entry.writtenAt < WRITE_EVERY_MS) {
      return entry.identity;
    }
    try {
      const row = await this.#write(stated, seen);
      const identity = { id: row.id, name: row.displayName, suspended: row.status === "suspended" };
      // A suspension is not remembered: the next login asks the store again, and finds a reactivation at once.
      if (identity.suspended) {
        this.#entries.delete(key);
      } else {
        this.#entries.set(key, { identity, facts: stated, writtenAt: Date.now() });
      }
      return identity;
    } catch (cause) {
      if (entry !== undefined) {
        return entry.identity;
      }
      throw new SallyportError("UNAVAILABLE", "The gateway's store does not answer, and it does not know you yet", {
        next: "Try again in a minute",
        cause,
      });
    }
  }

  #write(stated: string, seen: SeenIdentity): Promise<IdentityRow> {
    const running = this.#writing.get(stated);
    if (running !== undefined) {
      return running;
    }
    const write = upsertIdentity(this.#db, seen).finally(() => this.#writing.delete(stated));
    this.#writing.set(stated, write);
    return write;
  }
}
