import { type Difference, differences } from "@/lib/connections/differences";
import type { ConfigurationFile, ConnectionEntry, PolicyEntry } from "../file-schema";
import { describePolicyDifference, type PolicyDifference, policyDifferences, shownValue } from "../policy-diff";

/** One connection or policy that differs between two documents. `words` has one line for each difference. */
export type DocumentChange = { readonly name: string; readonly words: readonly string[] } & (
  | { readonly kind: "connection"; readonly action: "added" | "removed"; readonly entry: ConnectionEntry }
  | { readonly kind: "connection"; readonly action: "changed"; readonly fields: readonly Difference[] }
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

/** What differs between two configurations, connections first, each in the order of names. */
export function documentChanges(before: ConfigurationFile, after: ConfigurationFile): DocumentChange[] {
  return [
    ...pairs(before.connections, after.connections).flatMap(([a, b]) => connectionChange(a, b)),
    ...pairs(before.policies, after.policies).flatMap(([a, b]) => policyChange(a, b)),
  ];
}

function pairs<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): [T | undefined, T | undefined][] {
  const names = [...new Set([...before, ...after].map((one) => one.name))].sort();
  const find = (list: readonly T[], name: string) => list.find((one) => one.name === name);
  return names.map((name) => [find(before, name), find(after, name)]);
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
