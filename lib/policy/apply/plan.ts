import { differences } from "@/lib/connections/differences";
import { needsPassword } from "@/lib/connections/update-connection";
import type { connections, policies } from "@/lib/db/schema";
import { passwordPlaceholder } from "../export";
import type { Path } from "../file/not-yet-enforced";
import type { ConfigurationFile, ConnectionEntry, PolicyEntry } from "../file-schema";
import { contentOf, type PolicyContent } from "../policy-columns";

export type ConnectionRow = typeof connections.$inferSelect;
export type PolicyRow = typeof policies.$inferSelect;

/** A password that the file names: its text, or that the exported placeholder's variable is not set. */
export type ResolvedPassword = { readonly text: string } | "keep stored";

/** What the file wants, with passwords and certificates read. Same order as the file. */
export interface Wanted {
  readonly file: ConfigurationFile;
  readonly passwords: readonly ResolvedPassword[];
  /** PEM texts or null. */
  readonly authorities: readonly (string | null)[];
}

export interface Stored {
  readonly connections: readonly ConnectionRow[];
  readonly policies: readonly PolicyRow[];
  /** Whether the stored password is this text; false also when it cannot be opened. */
  readonly passwordIs: (row: ConnectionRow, text: string) => boolean;
}

/** The columns that a file's connection sets. */
export type ConnectionValues = Pick<
  ConnectionRow,
  | "name"
  | "host"
  | "port"
  | "user"
  | "tls"
  | "ca"
  | "schema"
  | "mode"
  | "limits"
  | "approvals"
  | "recording"
  | "catalogue"
>;

export type Change =
  | { readonly kind: "create connection"; readonly values: ConnectionValues; readonly password: string }
  | {
      readonly kind: "update connection";
      readonly row: ConnectionRow;
      readonly values: ConnectionValues;
      /** null: stays. */
      readonly password: string | null;
    }
  | { readonly kind: "delete connection"; readonly row: ConnectionRow }
  | {
      readonly kind: "create policy";
      readonly name: string;
      readonly connection: string;
      readonly content: PolicyContent;
    }
  | {
      readonly kind: "update policy";
      readonly row: PolicyRow;
      readonly connection: string;
      readonly connectionBefore: string;
      readonly before: PolicyContent;
      readonly content: PolicyContent;
    }
  | { readonly kind: "delete policy"; readonly row: PolicyRow; readonly connection: string };

export interface Plan {
  /** In the order in which they can be written. */
  readonly changes: readonly Change[];
  readonly problems: readonly { readonly path: Path; readonly message: string }[];
  /** What is in the store, not in the file, and stays. */
  readonly untouched: readonly string[];
}

/** Compares the file with the store; pure. With `prune`, what the file does not name is deleted. */
export function planApply(wanted: Wanted, stored: Stored, prune: boolean): Plan {
  const problems: { path: Path; message: string }[] = [];
  const nameOf = new Map(stored.connections.map((row) => [row.id, row.name]));
  const wantedNames = new Set(wanted.file.connections.map((one) => one.name));
  const goneConnections = stored.connections.filter((row) => !wantedNames.has(row.name));
  const wantedPolicies = new Set(wanted.file.policies.map((one) => one.name));
  const gonePolicies = stored.policies.filter((row) => !wantedPolicies.has(row.name));

  const connectionChanges = wanted.file.connections.flatMap((entry, at): Change[] => {
    const row = stored.connections.find((one) => one.name === entry.name);
    const values = valuesOf(entry, wanted.authorities[at] ?? null);
    const password = wanted.passwords[at] ?? "keep stored";
    const path = ["connections", at, "password"];
    if (row === undefined) {
      if (password === "keep stored") {
        problems.push({ path, message: `${passwordPlaceholder(entry.name)} is not set, and nothing is stored yet` });
        return [];
      }
      return [{ kind: "create connection", values, password: password.text }];
    }
    if (password === "keep stored") {
      if (needsPassword(row, values)) {
        problems.push({
          path,
          message: `set ${passwordPlaceholder(entry.name)}: host, port or user change, and the stored password goes only to the account it was stored for`,
        });
      }
      return isSame(row, values) ? [] : [{ kind: "update connection", row, values, password: null }];
    }
    const same = stored.passwordIs(row, password.text);
    return same && isSame(row, values)
      ? []
      : [{ kind: "update connection", row, values, password: same ? null : password.text }];
  });

  const policyChanges = wanted.file.policies.flatMap((entry, at): Change[] => {
    const inStore = stored.connections.some((row) => row.name === entry.connection);
    if (!wantedNames.has(entry.connection) && (prune || !inStore)) {
      const why = inStore ? "is not in the file, and pruning deletes it" : "is neither in the file nor known";
      problems.push({ path: ["policies", at, "connection"], message: `the connection ${entry.connection} ${why}` });
      return [];
    }
    const row = stored.policies.find((one) => one.name === entry.name);
    return policyChange(entry, row, row === undefined ? "" : (nameOf.get(row.connectionId) ?? ""));
  });

  const deletions: Change[] = [
    ...gonePolicies.map(
      (row): Change => ({ kind: "delete policy", row, connection: nameOf.get(row.connectionId) ?? "" }),
    ),
    ...goneConnections.map((row): Change => ({ kind: "delete connection", row })),
  ];
  return {
    // A policy may move away from a connection that goes: policies before deletions, their deletions before the connections'.
    changes: [...connectionChanges, ...policyChanges, ...(prune ? deletions : [])],
    problems,
    untouched: prune
      ? []
      : [...goneConnections.map((row) => `connection ${row.name}`), ...gonePolicies.map((row) => `policy ${row.name}`)],
  };
}

function policyChange(entry: PolicyEntry, row: PolicyRow | undefined, connectionBefore: string): Change[] {
  const { name, connection, ...content } = entry;
  if (row === undefined) {
    return [{ kind: "create policy", name, connection, content }];
  }
  const before = contentOf(row);
  const same = connectionBefore === connection && differences(before, content).length === 0;
  return same ? [] : [{ kind: "update policy", row, connection, connectionBefore, before, content }];
}

function valuesOf(entry: ConnectionEntry, ca: string | null): ConnectionValues {
  const { name, host, port, user, tls, mode, limits, approvals, recording, catalogue } = entry;
  return {
    name,
    host,
    port,
    user,
    tls,
    ca,
    schema: entry.schema ?? null,
    mode,
    limits,
    approvals,
    recording,
    catalogue,
  };
}

/** The stored row's columns that a file sets, for comparing. */
export function valuesOfRow(row: ConnectionRow): ConnectionValues {
  const { name, host, port, user, tls, ca, schema, mode, limits, approvals, recording, catalogue } = row;
  return { name, host, port, user, tls, ca, schema, mode, limits, approvals, recording, catalogue };
}

function isSame(row: ConnectionRow, values: ConnectionValues): boolean {
  return differences(valuesOfRow(row), values).length === 0;
}
