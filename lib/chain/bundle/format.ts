import { getTableColumns } from "drizzle-orm";
import { auditEvents, chainBatches, recordChains, recordingChunks, statements } from "@/lib/db/schema";
import { SallyportError } from "@/lib/errors/error";
import type { ItemKind } from "../items";

/**
 * A record on its own, to be proven without a store: one JSON object a line, each with one key.
 *
 *     {"sallyport_record": {"version": 1, "at": ..., "chain": null, "since": null, "recordings": true}}
 *     {"chain": {...}}                       one line for each row of record_chains
 *     {"batch": {...}}                       its batches in order, `items` in base64
 *     {"audit_event" | "statement" | "recording_chunk": {...}}    the rows of the batch above, a chunk's `data` in base64
 *     {"rest": {"before": 0, "running": 0, "unchained": [{"kind": "statement", "id": ...}]}}
 *     {"end": {"lines": 1234}}               the number of lines before it
 *
 * Rows have the fields of lib/db/schema; moments are ISO 8601 in UTC.
 */
export interface BundleLines {
  readonly sallyport_record: {
    readonly version: 1;
    /** By the store's clock. */
    readonly at: string;
    readonly chain: string | null;
    readonly since: string | null;
    readonly recordings: boolean;
  };
  readonly chain: typeof recordChains.$inferSelect;
  readonly batch: typeof chainBatches.$inferSelect;
  readonly audit_event: typeof auditEvents.$inferSelect;
  readonly statement: typeof statements.$inferSelect;
  readonly recording_chunk: typeof recordingChunks.$inferSelect;
  readonly rest: {
    readonly before: number;
    readonly running: number;
    readonly unchained: readonly { readonly kind: ItemKind; readonly id: string }[];
  };
  readonly end: { readonly lines: number };
}
export type BundleLineName = keyof BundleLines;
/** One line, by its name. */
export type BundleLine = {
  readonly [K in BundleLineName]: { readonly name: K; readonly value: BundleLines[K] };
}[BundleLineName];

const TABLES = {
  chain: recordChains,
  batch: chainBatches,
  audit_event: auditEvents,
  statement: statements,
  recording_chunk: recordingChunks,
} as const;
const BYTES = new Set(["items", "data"]);
const NAMES: ReadonlySet<string> = new Set([...Object.keys(TABLES), "sallyport_record", "rest", "end"]);

/** Fields of a table that are moments. */
const MOMENTS = new Map<string, readonly string[]>(
  Object.entries(TABLES).map(([name, table]) => [
    name,
    Object.entries(getTableColumns(table)).flatMap(([field, column]) => (column.dataType === "date" ? [field] : [])),
  ]),
);

export function writeLine<K extends BundleLineName>(name: K, value: BundleLines[K]): string {
  const plain = Object.fromEntries(
    Object.entries(value).map(([field, one]) => [field, Buffer.isBuffer(one) ? one.toString("base64") : one]),
  );
  return `${JSON.stringify({ [name]: plain })}\n`;
}

/** Reads a line. Throws INVALID_INPUT for what `writeLine` did not write. */
export function readLine(text: string, number: number): BundleLine {
  let given: unknown = null;
  try {
    given = JSON.parse(text);
  } catch {
    // Said below.
  }
  const [entry, ...others] = typeof given === "object" && given !== null ? Object.entries(given) : [];
  const [name, value] = entry ?? ["", null];
  if (!NAMES.has(name) || others.length > 0 || typeof value !== "object" || value === null) {
    throw new SallyportError(
      "INVALID_INPUT",
      `Line ${number} of the bundle is not one that sallyport verify --export wrote`,
    );
  }
  const moments = MOMENTS.get(name) ?? [];
  const fields = Object.entries(value).map(([field, one]): [string, unknown] => {
    if (typeof one !== "string") return [field, one];
    if (moments.includes(field)) return [field, new Date(one)];
    return [field, BYTES.has(field) && name !== "rest" ? Buffer.from(one, "base64") : one];
  });
  // What the fields say is checked by digests and signatures; a field of another kind only makes them differ.
  return { name, value: Object.fromEntries(fields) } as BundleLine;
}
