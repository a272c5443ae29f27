import type { ShapeScanner } from "./shape-scan";

/** More statements than this with one hash are a forger's work, or variants of kept literals; the oldest makes room. */
const MAX_BUCKET = 16;

interface Entry<T> {
  readonly shape: Buffer;
  /** Indexes of literals whose bytes must be equal, and those bytes. */
  readonly kept: readonly number[];
  readonly keptBytes: readonly Buffer[];
  readonly value: T;
}

/**
 * What was decided about a statement, found again by its shape. The hash only finds candidates: a hit compares the whole shape and the
 * bytes of every literal that carries meaning, so that equal hashes never lend one statement another's decision. The caller keeps one cache for each
 * combination of everything else a decision depends on (policy revision, default schema, catalogue version, session state).
 *
 * Entries age in two generations: what was not used during one generation of `capacity` new entries is gone.
 */
export class ShapeCache<T> {
  private readonly capacity: number;
  private young = new Map<number, Entry<T>[]>();
  private old = new Map<number, Entry<T>[]>();
  private added = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The value stored for the statement that was just scanned; `bytes` and `from` as given to `scan`. */
  find(scan: ShapeScanner, bytes: Uint8Array, from: number): T | undefined {
    const young = this.young.get(scan.hash);
    const hit = young === undefined ? undefined : match(young, scan, bytes, from);
    if (hit !== undefined) return hit.value;
    const old = this.old.get(scan.hash);
    const aged = old === undefined ? undefined : match(old, scan, bytes, from);
    if (aged === undefined) return undefined;
    this.add(scan.hash, aged);
    return aged.value;
  }

  /** Stores a value for the statement that was just scanned; `kept` is what `keptLiterals` returned. */
  store(scan: ShapeScanner, bytes: Uint8Array, from: number, kept: readonly number[], value: T): void {
    const keptBytes = kept.map((index) => Buffer.from(literalBytes(scan, bytes, from, index)));
    this.add(scan.hash, { shape: Buffer.from(scan.shape.subarray(0, scan.length)), kept, keptBytes, value });
  }

  private add(hash: number, entry: Entry<T>): void {
    if (this.added >= this.capacity) {
      this.old = this.young;
      this.young = new Map();
      this.added = 0;
    }
    const bucket = this.young.get(hash);
    if (bucket === undefined) this.young.set(hash, [entry]);
    else {
      bucket.push(entry);
      if (bucket.length > MAX_BUCKET) bucket.shift();
    }
    this.added += 1;
  }
}

function match<T>(
  bucket: readonly Entry<T>[],
  scan: ShapeScanner,
  bytes: Uint8Array,
  from: number,
): Entry<T> | undefined {
  for (const entry of bucket) {
    const sameShape =
      entry.shape.length === scan.length &&
      scan.shape.compare(entry.shape, 0, entry.shape.length, 0, scan.length) === 0;
    if (sameShape && sameKept(entry, scan, bytes, from)) return entry;
  }
  return undefined;
}

function sameKept<T>(entry: Entry<T>, scan: ShapeScanner, bytes: Uint8Array, from: number): boolean {
  for (let at = 0; at < entry.kept.length; at += 1) {
    const wanted = entry.keptBytes[at];
    const index = entry.kept[at];
    if (wanted === undefined || index === undefined) return false;
    if (!wanted.equals(literalBytes(scan, bytes, from, index))) return false;
  }
  return true;
}

function literalBytes(scan: ShapeScanner, bytes: Uint8Array, from: number, index: number): Uint8Array {
  return bytes.subarray(from + (scan.starts[index] ?? 0), from + (scan.ends[index] ?? 0));
}
