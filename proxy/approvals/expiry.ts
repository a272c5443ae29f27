import type { Logger } from "pino";
import type { ApprovalStore } from "./approval-store";

const SWEEP_MS = 5_000;

/** Ends requests whose time is over. Every gateway does, and each request expires once. */
export class Expiry {
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | null = null;

  constructor(store: Pick<ApprovalStore, "expire">, log: Logger, everyMs = SWEEP_MS) {
    this.#timer = setInterval(() => {
      this.#sweeping ??= store.expire().then(
        () => this.#swept(),
        (err) => {
          log.debug({ err }, "requests for approval could not be looked through");
          this.#swept();
        },
      );
    }, everyMs);
  }

  /** Resolves when a sweep under way is over. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  #swept(): void {
    this.#sweeping = null;
  }
}
