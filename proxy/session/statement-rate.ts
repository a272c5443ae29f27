/** A token bucket: as many statements at once as one minute allows, refilled evenly. */
export class StatementRate {
  readonly perMinute: number;
  #left: number;
  #at: number;

  constructor(perMinute: number, now: number) {
    this.perMinute = perMinute;
    this.#left = perMinute;
    this.#at = now;
  }

  /** Takes one statement; false when the minute's are used up. `now` in epoch milliseconds. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#left < 1) {
      return false;
    }
    this.#left -= 1;
    return true;
  }

  #refill(now: number): void {
    const gained = (Math.max(0, now - this.#at) * this.perMinute) / 60_000;
    this.#left = Math.min(this.perMinute, this.#left + gained);
    this.#at = now;
  }
}
