/** What a chain proves, by a number that is part of its batches. */
export const ITEM_KINDS = { audit_event: 1, statement: 2, recording_chunk: 3 } as const;
export type ItemKind = keyof typeof ITEM_KINDS;

/** One record in a chain: which row, and the SHA-256 of its canonical form. */
export interface ChainItem {
  readonly kind: ItemKind;
  /** The row's ULID. */
  readonly id: string;
  /** 32 bytes. */
  readonly digest: Buffer;
}

const ID_LENGTH = 26;
const DIGEST_LENGTH = 32;
/** Kind, id as ASCII, digest. */
export const ITEM_BYTES: number = 1 + ID_LENGTH + DIGEST_LENGTH;

const kindsByNumber = new Map<number, ItemKind>(
  Object.entries(ITEM_KINDS).map(([kind, number]) => [number, kind as ItemKind]),
);

/** How far a spool is in the store: everything before this place is there. */
export interface SpoolProgress {
  readonly segment: number;
  readonly offset: number;
  /** Number of the next record. */
  readonly sequence: number;
}
export const NOTHING_SHIPPED: SpoolProgress = { segment: 0, offset: 0, sequence: 0 };

export function progressText({ segment, offset, sequence }: SpoolProgress): string {
  return `record ${sequence} (byte ${offset} of segment ${segment})`;
}

/** Stands where an item's kind would: behind it are three unsigned 64-bit numbers, and the end. */
const PROGRESS_MARK = 0;
const PROGRESS_BYTES = 1 + 3 * 8;

/** Items one behind the other, `ITEM_BYTES` each; with the batch of a spool, how far that is in the store stands behind them. */
export function encodeItems(items: readonly ChainItem[], progress?: SpoolProgress): Buffer {
  const bytes = Buffer.alloc(items.length * ITEM_BYTES + (progress === undefined ? 0 : PROGRESS_BYTES));
  let at = 0;
  for (const { kind, id, digest } of items) {
    bytes[at] = ITEM_KINDS[kind];
    bytes.write(id, at + 1, ID_LENGTH, "latin1");
    digest.copy(bytes, at + 1 + ID_LENGTH, 0, DIGEST_LENGTH);
    at += ITEM_BYTES;
  }
  if (progress !== undefined) {
    bytes[at] = PROGRESS_MARK;
    const { segment, offset, sequence } = progress;
    for (const [index, number] of [segment, offset, sequence].entries()) {
      bytes.writeBigUInt64BE(BigInt(number), at + 1 + index * 8);
    }
  }
  return bytes;
}

/** Where the items end, and how far a spool is in the store begins; null when it is not there. */
function progressAt(bytes: Buffer): number | null {
  const at = bytes.length - PROGRESS_BYTES;
  return at >= 0 && at % ITEM_BYTES === 0 && bytes[at] === PROGRESS_MARK ? at : null;
}

/** What `encodeItems` was told of a spool; null when nothing. */
export function decodeProgress(bytes: Buffer): SpoolProgress | null {
  const at = progressAt(bytes);
  if (at === null) return null;
  const number = (index: number) => Number(bytes.readBigUInt64BE(at + 1 + index * 8));
  return { segment: number(0), offset: number(1), sequence: number(2) };
}

/** The items that `encodeItems` was given; null when it did not make these bytes. */
export function decodeItems(bytes: Buffer): ChainItem[] | null {
  const end = progressAt(bytes) ?? bytes.length;
  if (end % ITEM_BYTES !== 0) return null;
  const items: ChainItem[] = [];
  for (let at = 0; at < end; at += ITEM_BYTES) {
    const kind = kindsByNumber.get(bytes[at] ?? 0);
    if (kind === undefined) return null;
    const id = bytes.toString("latin1", at + 1, at + 1 + ID_LENGTH);
    items.push({ kind, id, digest: bytes.subarray(at + 1 + ID_LENGTH, at + ITEM_BYTES) });
  }
  return items;
}
