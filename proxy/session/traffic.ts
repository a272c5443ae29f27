import type { Wire } from "../socket/wire";
import type { CommandReader } from "./command-reader";
import type { WireMetrics } from "./wire-metrics";

/** Back-pressure between a client's wire and the one upstream that is in use, each way, and the count of what the client moved. */
export class Traffic {
  readonly #client: Wire;
  #upstream: Wire;
  readonly #reader: CommandReader;
  readonly #metrics: WireMetrics;
  #clientPaused = false;
  #upstreamPaused = false;
  #countedIn = 0;
  #countedOut = 0;

  constructor(client: Wire, upstream: Wire, reader: CommandReader, metrics: WireMetrics) {
    this.#client = client;
    this.#upstream = upstream;
    this.#reader = reader;
    this.#metrics = metrics;
    client.resetCounts();
  }

  /** Bytes from and to the client since its login. */
  get bytes(): { readonly in: number; readonly out: number } {
    return { in: this.#client.bytesRead, out: this.#client.bytesWritten };
  }

  /** Stops to read whichever side gives more than the other takes. */
  holdBack(): void {
    if (!this.#clientPaused && (this.#reader.full || this.#upstream.full)) {
      this.#clientPaused = true;
      this.#client.pause();
    }
    if (!this.#upstreamPaused && this.#client.full) {
      this.#upstreamPaused = true;
      this.#upstream.pause();
    }
  }

  /** Reads on where the other side takes again. */
  letGo(): void {
    if (this.#clientPaused && !this.#reader.full && !this.#upstream.full) {
      this.#clientPaused = false;
      this.#client.resume();
    }
    if (this.#upstreamPaused && !this.#client.full) {
      this.#resumeUpstream();
    }
  }

  /** The upstream's bytes go nowhere from here on, so that a client that does not read cannot hold them back. */
  drainUpstream(): void {
    if (this.#upstreamPaused) {
      this.#resumeUpstream();
    }
  }

  /** Another wire upstream is in use. */
  useUpstream(wire: Wire): void {
    this.drainUpstream();
    this.#upstream = wire;
  }

  /** Adds what moved since the last call to the process's counters. */
  count(): void {
    const { in: bytesIn, out: bytesOut } = this.bytes;
    this.#metrics.bytesIn += bytesIn - this.#countedIn;
    this.#metrics.bytesOut += bytesOut - this.#countedOut;
    this.#countedIn = bytesIn;
    this.#countedOut = bytesOut;
  }

  #resumeUpstream(): void {
    this.#upstreamPaused = false;
    this.#upstream.resume();
  }
}
