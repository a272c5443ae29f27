import type { SpoolPlace } from "./position";
import { type Damage, type ReadBatch, SpoolReader } from "./reader";

export interface WholeSpool {
  readonly batches: readonly ReadBatch[];
  readonly place: SpoolPlace;
  /** Number that the next record would have. */
  readonly sequence: number;
  readonly damages: readonly Damage[];
  readonly tornBytes: number;
  readonly lostRecords: number;
}

/** All that can be read of a spool, and how its end looks: of one whose writer is dead, or of one that is written up to `limit`. */
export function readWhole(directory: string, gatewayId: string, limit: SpoolPlace | null = null): WholeSpool {
  const reader = new SpoolReader(directory, gatewayId);
  try {
    const batches: ReadBatch[] = [];
    for (let batch = reader.next(limit); batch !== null; batch = reader.next(limit)) batches.push(batch);
    const { place, sequence, damages, tornBytes, lostRecords } = reader;
    return { batches, place, sequence, damages, tornBytes, lostRecords };
  } finally {
    reader.close();
  }
}
