import type { StatementValue } from "@/lib/policy/value";
import type { BoundValue } from "../protocol/stmt-execute";

/** Values of one execution that its record keeps. */
const MAX_VALUES = 100;
/** Bytes of JSON that they may be. */
const MAX_JSON_BYTES = 8 * 1024;
/** A longer packet is read only for rules: hashing or decoding megabytes for the record alone would hold up everybody's statements. */
const MAX_PACKET_BYTES = 256 * 1024;
/** JSON writes a UTF-16 unit as at most six bytes. */
const BYTES_A_CHARACTER = 6;
/** Of one value without its text: keys, form, a hash. */
const BYTES_A_VALUE = 96;

/** Whether values that no rule looks at are read for the record. */
export function worthReading(parameters: number, payloadBytes: number): boolean {
  return parameters <= MAX_VALUES && payloadBytes <= MAX_PACKET_BYTES;
}

/**
 * The bound values as the record keeps them: all or none, since a part of them could not be decided on again. Null for more than
 * 100 values or 8 KiB of JSON: a statement's row must stay small, and the recording has the packet.
 */
export function recordedValues(values: readonly BoundValue[]): readonly StatementValue[] | null {
  if (values.length > MAX_VALUES) return null;
  let atMost = 2;
  for (const value of values) {
    atMost += BYTES_A_VALUE + ("text" in value ? value.text.length * BYTES_A_CHARACTER : 0);
  }
  if (atMost <= MAX_JSON_BYTES) return values;
  return Buffer.byteLength(JSON.stringify(values)) <= MAX_JSON_BYTES ? values : null;
}
