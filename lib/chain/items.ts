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

/** Items one behind the other, `ITEM_BYTES` each. */
export function encodeItems(items: readonly ChainItem[]): Buffer {
  const bytes = Buffer.alloc(items.length * ITEM_BYTES);
  let at = 0;
  for (const { kind, id, digest } of items) {
    bytes[at] = ITEM_KINDS[kind];
    bytes.write(id, at + 1, ID_LENGTH, "latin1");
    digest.copy(bytes, at + 1 + ID_LENGTH, 0, DIGEST_LENGTH);
    at += ITEM_BYTES;
  }
  return bytes;
}

/** What `encodeItems` made; null when it is not that. */
export function decodeItems(bytes: Buffer): ChainItem[] | null {
  if (bytes.length % ITEM_BYTES !== 0) return null;
  const items: ChainItem[] = [];
  for (let at = 0; at < bytes.length; at += ITEM_BYTES) {
    const kind = kindsByNumber.get(bytes[at] ?? 0);
    if (kind === undefined) return null;
    const id = bytes.toString("latin1", at + 1, at + 1 + ID_LENGTH);
    items.push({ kind, id, digest: bytes.subarray(at + 1 + ID_LENGTH, at + ITEM_BYTES) });
  }
  return items;
}
