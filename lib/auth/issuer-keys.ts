import {
  type CryptoKey,
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from "jose";
import { SallyportError } from "@/lib/errors/error";
import { discoverProvider, fetchProviderJson } from "./discovery";

/** Milliseconds that rule when the issuer's keys are fetched. */
export interface KeyTimes {
  /** Older keys are refreshed in the background. */
  readonly fresh: number;
  /** Older keys are not used: a login waits for a fetch, and fails when it fails. */
  readonly usable: number;
  /** An unknown key id makes a fetch at most this often: made-up ids cannot flood the IdP. */
  readonly cooldown: number;
}
const DEFAULT_TIMES: KeyTimes = { fresh: 600_000, usable: 3_600_000, cooldown: 5_000 };

type KeySet = ReturnType<typeof createLocalJWKSet>;
export type KeyResolver = (header?: JWSHeaderParameters, token?: FlattenedJWSInput) => Promise<CryptoKey>;

/** The issuer's signing keys: fetched when needed, shared by concurrent logins, kept for a while when the IdP is down. */
export class IssuerKeys {
  readonly #issuer: string;
  readonly #times: KeyTimes;
  #keys: KeySet | null = null;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #failure: SallyportError | null = null;
  #pending: Promise<void> | null = null;

  constructor(issuer: string, times: Partial<KeyTimes> = {}) {
    this.#issuer = issuer;
    this.#times = { ...DEFAULT_TIMES, ...times };
  }

  /** Fetches now, once for all who ask at the same time. Throws UNAVAILABLE. */
  refresh(): Promise<void> {
    this.#triedAt = Date.now();
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #fetch(): Promise<void> {
    try {
      const { jwksUri } = await discoverProvider(this.#issuer);
      // createLocalJWKSet checks the shape itself and throws JWKSInvalid.
      this.#keys = createLocalJWKSet((await fetchProviderJson(this.#issuer, jwksUri)) as JSONWebKeySet);
      this.#fetchedAt = Date.now();
      this.#failure = null;
    } catch (error) {
      this.#failure =
        error instanceof SallyportError
          ? error
          : new SallyportError(
              "UNAVAILABLE",
              `The identity provider ${this.#issuer} publishes no usable signing keys`,
              {
                next: "Check its jwks_uri document",
                cause: error,
              },
            );
      throw this.#failure;
    }
  }

  /** Finds the key of a token's header. Throws UNAVAILABLE, or jose's JWKSNoMatchingKey and JWKSMultipleMatchingKeys. */
  readonly resolve: KeyResolver = async (header, token) => {
    const keys = await this.#usableKeys();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
      await this.#refreshForUnknownKey(error);
      return (this.#keys ?? keys)(header, token);
    }
  };

  async #usableKeys(): Promise<KeySet> {
    const age = Date.now() - this.#fetchedAt;
    if (this.#keys === null || age > this.#times.usable) {
      await this.#refreshUnlessJustFailed();
    } else if (age > this.#times.fresh && this.#coolingDown() === false) {
      // The known keys still serve this login; a failure counts when they become too old.
      this.refresh().catch(() => undefined);
    }
    if (this.#keys === null) {
      throw new SallyportError("UNAVAILABLE", `The identity provider ${this.#issuer} has given no keys yet`);
    }
    return this.#keys;
  }

  async #refreshForUnknownKey(unknown: Error): Promise<void> {
    if (this.#pending !== null) {
      return this.#pending;
    }
    if (!this.#coolingDown()) {
      return this.refresh();
    }
    throw this.#failure ?? unknown;
  }

  async #refreshUnlessJustFailed(): Promise<void> {
    if (this.#pending === null && this.#failure !== null && this.#coolingDown()) {
      throw this.#failure;
    }
    return this.refresh();
  }

  #coolingDown(): boolean {
    return Date.now() - this.#triedAt < this.#times.cooldown;
  }
}
