import { createHash } from "node:crypto";
import type { SuspectColumn } from "@/lib/masking/suggest/finding";

/** Bytes of a column's key: enough to tell a million columns apart. */
const KEY_BYTES = 8;

/** What a scan remembers of a column that it has looked at: differs when name or type does. Hex. */
export function columnKey({ schema, table, name, dataType }: SuspectColumn): string {
  const text = [schema, table, name, dataType].join("\0");
  return createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, KEY_BYTES * 2);
}

/** Of all of an upstream's columns, in any order. */
export function fingerprintOf(keys: Iterable<string>): string {
  return createHash("sha256").update(encodeKeys(keys)).digest("hex");
}

export function encodeKeys(keys: Iterable<string>): Buffer {
  return Buffer.from([...keys].toSorted().join(""), "hex");
}

export function decodeKeys(bytes: Buffer | null): ReadonlySet<string> {
  const text = bytes?.toString("hex") ?? "";
  const size = KEY_BYTES * 2;
  return new Set(Array.from({ length: text.length / size }, (_, at) => text.slice(at * size, (at + 1) * size)));
}
