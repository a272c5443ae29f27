import type { Problems } from "./model";
import type { PlacedItem } from "./record-checks";
import type { ChunkHead } from "./records";

/** As many removed chunks of a connection are remembered: the newest, which retention has to explain. */
const KEPT = 1000;

interface Removed {
  readonly id: string;
  readonly at: number;
  readonly place: PlacedItem;
}

/** Chunks without bytes, until it is known how far retention was applied to their connections. */
export class RemovedChunks {
  readonly #removed = new Map<string, Removed[]>();
  readonly #until = new Map<string, number>();
  count = 0;

  note(chunk: Pick<ChunkHead, "id" | "at" | "connectionName">, place: PlacedItem): void {
    this.count += 1;
    const list = this.#removed.get(chunk.connectionName) ?? [];
    list.push({ id: chunk.id, at: chunk.at.getTime(), place });
    if (list.length >= 2 * KEPT) {
      list.sort((a, b) => b.at - a.at);
      list.length = KEPT;
    }
    this.#removed.set(chunk.connectionName, list);
  }

  /** A proven event says that what was recorded before then was removed. */
  allow(connection: string, before: Date): void {
    const until = before.getTime();
    if (Number.isFinite(until)) this.#until.set(connection, Math.max(until, this.#until.get(connection) ?? 0));
  }

  report(problems: Problems): void {
    for (const [connection, list] of this.#removed) {
      const until = this.#until.get(connection) ?? Number.NEGATIVE_INFINITY;
      for (const { id, at, place } of list) {
        if (at < until) continue;
        problems.add(
          "chunk_removed",
          `the bytes of the recording chunk ${id} were removed, and no retention of ${connection} that is on record reaches it`,
          { chain: place.chain, batch: place.batch, record: { kind: "recording_chunk", id } },
        );
      }
    }
  }
}
