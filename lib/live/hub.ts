import { changedTopics, type Marks } from "./marks";
import type { LiveTopic } from "./topics";

/** A held statement must stand on open pages within a second, the way through the browser included. */
const POLL_MS = 500;

/** What one open stream gets. */
export interface LiveSubscriber {
  changed(topics: readonly LiveTopic[]): void;
  /** The process stops: the stream must end, or it would keep the server alive. */
  close(): void;
}

/** Watches the store while anybody listens, and tells every open stream what changed: one poller, however many tabs. */
export class LiveHub {
  readonly #read: () => Promise<Marks>;
  readonly #onError: (error: unknown) => void;
  readonly #subscribers = new Set<LiveSubscriber>();
  #marks: Marks | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #closed = false;

  constructor(read: () => Promise<Marks>, onError: (error: unknown) => void) {
    this.#read = read;
    this.#onError = onError;
  }

  /** Adds a stream; returns what removes it. After `close` a stream ends at once. */
  subscribe(subscriber: LiveSubscriber): () => void {
    if (this.#closed) {
      subscriber.close();
      return () => undefined;
    }
    this.#subscribers.add(subscriber);
    if (this.#timer === null) this.#schedule(0);
    return () => void this.#subscribers.delete(subscriber);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const subscriber of this.#subscribers) subscriber.close();
    this.#subscribers.clear();
  }

  #schedule(ms: number): void {
    this.#timer = setTimeout(() => void this.#poll(), ms);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    try {
      const marks = await this.#read();
      const topics = this.#marks === null ? [] : changedTopics(this.#marks, marks);
      this.#marks = marks;
      if (topics.length > 0) {
        for (const subscriber of this.#subscribers) subscriber.changed(topics);
      }
    } catch (error) {
      this.#onError(error);
    }
    if (this.#closed) return;
    if (this.#subscribers.size > 0) {
      this.#schedule(POLL_MS);
    } else {
      this.#timer = null;
      this.#marks = null;
    }
  }
}
