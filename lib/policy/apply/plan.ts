import { differences } from "@/lib/connections/differences";
import type { connections, policies } from "@/lib/db/schema";
import type { Mask } from "@/lib/masking/mask";
import type { MaskRow } from "@/lib/masks/mask-columns";
import type { Path } from "../file/explain-issues";
import type { ConfigurationFile, PolicyEntry } from "../file-schema";
import { contentOf, type PolicyContent } from "../policy-columns";
import { type ConnectionValues, planConnections } from "./plan-connections";
import { planMasks } from "./plan-masks";

export type ConnectionRow = typeof connections.$inferSelect;
export type PolicyRow = typeof policies.$inferSelect;

/** A password that the file names: its text, or that the exported placeholder's variable is not set. */
export type ResolvedPassword = { readonly text: string } | "keep stored";

/** What the file wants, with passwords and certificates read. Same order as the file. */
export interface Wanted {
  readonly file: ConfigurationFile;
  readonly passwords: readonly ResolvedPassword[];
  /** Of restricted accounts; without meaning where the file has none. */
  readonly restrictedPasswords: readonly ResolvedPassword[];
  /** PEM texts or null. */
  readonly authorities: readonly (string | null)[];
}

export interface Stored {
  readonly connections: readonly ConnectionRow[];
  readonly masks: readonly MaskRow[];
  readonly policies: readonly PolicyRow[];
  /** Whether the stored password is this text; false also when it cannot be opened. */
  readonly passwordIs: (row: ConnectionRow, text: string) => boolean;
  readonly restrictedPasswordIs: (row: ConnectionRow, text: string) => boolean;
}

export type Change =
  | {
      readonly kind: "create connection";
      readonly values: ConnectionValues;
      readonly password: string;
      /** null: there is no restricted account. */
      readonly restrictedPassword: string | null;
    }
  | {
      readonly kind: "update connection";
      readonly row: ConnectionRow;
      readonly values: ConnectionValues;
      /** null: stays. */
      readonly password: string | null;
      /** null: stays, or goes with its user. */
      readonly restrictedPassword: string | null;
    }
  | { readonly kind: "delete connection"; readonly row: ConnectionRow }
  | { readonly kind: "create mask"; readonly connection: string; readonly content: Mask }
  | {
      readonly kind: "update mask";
      readonly row: MaskRow;
      readonly connection: string;
      readonly before: Mask;
      readonly content: Mask;
    }
  | { readonly kind: "delete mask"; readonly row: MaskRow; readonly connection: string }
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

export interface Problem {
  readonly path: Path;
  readonly message: string;
}

export interface Plan {
  /** In the order in which they can be written. */
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
  /** What is in the store, not in the file, and stays. */
  readonly untouched: readonly string[];
}

/** Compares the file with the store; pure. With `prune`, what the file does not name is deleted. */
export function planApply(wanted: Wanted, stored: Stored, prune: boolean): Plan {
  const { file } = wanted;
  const problems: Problem[] = [];
  const nameOf = (id: string) => stored.connections.find((row) => row.id === id)?.name ?? "";
  const named = new Set(file.connections.map((one) => one.name));
  const goneConnections = stored.connections.filter((row) => !named.has(row.name));
  const wantedPolicies = new Set(file.policies.map((one) => one.name));
  const gonePolicies = stored.policies.filter((row) => !wantedPolicies.has(row.name));

  /** Whether the connection that an entry names is there afterwards; else it is a problem of the entry. */
  const stays = (connection: string, path: Path): boolean => {
    const inStore = stored.connections.some((row) => row.name === connection);
    if (named.has(connection) || (inStore && !prune)) return true;
    const why = inStore ? "is not in the file, and pruning deletes it" : "is neither in the file nor known";
    problems.push({ path, message: `the connection ${connection} ${why}` });
    return false;
  };

  const connectionChanges = planConnections(wanted, stored, problems);
  const masks = planMasks(
    file.masks.filter((entry, at) => stays(entry.connection, ["masks", at, "connection"])),
    stored.masks,
    nameOf,
  );
  const policyChanges = file.policies.flatMap((entry, at): Change[] => {
    if (!stays(entry.connection, ["policies", at, "connection"])) return [];
    const row = stored.policies.find((one) => one.name === entry.name);
    return policyChange(entry, row, row === undefined ? "" : nameOf(row.connectionId));
  });

  const deletions: Change[] = [
    ...gonePolicies.map((row): Change => ({ kind: "delete policy", row, connection: nameOf(row.connectionId) })),
    ...masks.gone.map((row): Change => ({ kind: "delete mask", row, connection: nameOf(row.connectionId) })),
    ...goneConnections.map((row): Change => ({ kind: "delete connection", row })),
  ];
  return {
    // A policy may move away from a connection that goes: policies before deletions, their deletions before the connections'.
    changes: [...connectionChanges, ...masks.changes, ...policyChanges, ...(prune ? deletions : [])],
    problems,
    untouched: prune
      ? []
      : [
          ...goneConnections.map((row) => `connection ${row.name}`),
          ...masks.gone.map((row) => `mask ${maskName(row.column, nameOf(row.connectionId))}`),
          ...gonePolicies.map((row) => `policy ${row.name}`),
        ],
  };
}

/** What a mask is called where masks of several connections are listed. */
export function maskName(column: string, connection: string): string {
  return `${column} on ${connection}`;
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
