import { type Difference, differences } from "@/lib/connections/differences";
import { describeMask, describeMaskChange } from "@/lib/masking/describe-mask";
import { patternKey } from "@/lib/masking/mask-set";
import { maskName } from "../apply/plan";
import type { ConfigurationFile, ConnectionEntry, MaskEntry, PolicyEntry } from "../file-schema";
import { describePolicyDifference, type PolicyDifference, policyDifferences, shownValue } from "../policy-diff";

/** One connection, mask or policy that differs between two documents. `words` has one line for each difference. */
export type DocumentChange = { readonly name: string; readonly words: readonly string[] } & (
  | { readonly kind: "connection"; readonly action: "added" | "removed"; readonly entry: ConnectionEntry }
  | { readonly kind: "connection"; readonly action: "changed"; readonly fields: readonly Difference[] }
  | { readonly kind: "mask"; readonly action: "added" | "removed"; readonly entry: MaskEntry }
  | { readonly kind: "mask"; readonly action: "changed"; readonly fields: readonly Difference[] }
  | { readonly kind: "policy"; readonly action: "added" | "removed"; readonly entry: PolicyEntry }
  | {
      readonly kind: "policy";
      readonly action: "changed";
      /** The connection it was on and the one it is on, when it moved. */
      readonly moved: { readonly before: string; readonly after: string } | null;
      readonly differences: readonly PolicyDifference[];
    }
);

const EMPTY = { identities: [], metadata: "allow", default: "deny", rules: [] } as const;

/** What differs between two configurations, connections first, then masks, then policies, each in the order of names. */
export function documentChanges(before: ConfigurationFile, after: ConfigurationFile): DocumentChange[] {
  return [
    ...pairs(before.connections, after.connections, nameOf).flatMap(([a, b]) => connectionChange(a, b)),
    ...pairs(before.masks, after.masks, maskKey).flatMap(([a, b]) => maskChange(a, b)),
    ...pairs(before.policies, after.policies, nameOf).flatMap(([a, b]) => policyChange(a, b)),
  ];
}

const nameOf = (one: { readonly name: string }) => one.name;
const maskKey = (one: MaskEntry) => `${one.connection}\0${patternKey(one.column)}`;

function pairs<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (one: T) => string,
): [T | undefined, T | undefined][] {
  const had = new Map(before.map((one) => [keyOf(one), one]));
  const has = new Map(after.map((one) => [keyOf(one), one]));
  const keys = [...new Set([...had.keys(), ...has.keys()])].sort();
  return keys.map((key) => [had.get(key), has.get(key)]);
}

function connectionChange(before: ConnectionEntry | undefined, after: ConnectionEntry | undefined): DocumentChange[] {
  if (before !== undefined && after !== undefined) {
    const fields = differences(before, after);
    const words = fields.map((one) => `${one.field}: ${shownValue(one.before)} -> ${shownValue(one.after)}`);
    return fields.length === 0 ? [] : [{ kind: "connection", action: "changed", name: after.name, words, fields }];
  }
  const entry = after ?? before;
  if (entry === undefined) return [];
  const words = [`${entry.user} at ${entry.host}:${entry.port}, tls ${entry.tls}`];
  const action = after === undefined ? "removed" : "added";
  return [{ kind: "connection", action, name: entry.name, words, entry }];
}

function maskChange(before: MaskEntry | undefined, after: MaskEntry | undefined): DocumentChange[] {
  const entry = after ?? before;
  if (entry === undefined) return [];
  const name = maskName(entry.column, entry.connection);
  if (before !== undefined && after !== undefined) {
    const fields = differences(before, after);
    const words = describeMaskChange(before, after);
    return fields.length === 0 ? [] : [{ kind: "mask", action: "changed", name, words, fields }];
  }
  const words = [describeMask(entry)];
  return [{ kind: "mask", action: after === undefined ? "removed" : "added", name, words, entry }];
}

function policyChange(before: PolicyEntry | undefined, after: PolicyEntry | undefined): DocumentChange[] {
  if (before !== undefined && after !== undefined) {
    const found = policyDifferences(before, after);
    const moved =
      before.connection === after.connection ? null : { before: before.connection, after: after.connection };
    if (found.length === 0 && moved === null) return [];
    const words = [
      ...(moved === null ? [] : [`connection: ${moved.before} -> ${moved.after}`]),
      ...found.map(describePolicyDifference),
    ];
    return [{ kind: "policy", action: "changed", name: after.name, words, moved, differences: found }];
  }
  const entry = after ?? before;
  if (entry === undefined) return [];
  const content = { ...EMPTY, identities: [], rules: [] };
  const words = [
    `on ${entry.connection}`,
    ...policyDifferences(after === undefined ? entry : content, after === undefined ? content : entry).map(
      describePolicyDifference,
    ),
  ];
  return [{ kind: "policy", action: after === undefined ? "removed" : "added", name: entry.name, words, entry }];
}
