import { differences } from "@/lib/connections/differences";
import { bindingText, describePolicyDifference, describeRule, policyDifferences, shownValue } from "../policy-diff";
import { type Change, valuesOfRow } from "./plan";

/** One change for people and for scripts; never a secret. */
export interface ChangeInWords {
  readonly action: "create" | "update" | "delete";
  readonly kind: "connection" | "policy";
  readonly name: string;
  readonly details: readonly string[];
}

/** What one change does, field by field. */
export function changeInWords(change: Change): ChangeInWords {
  switch (change.kind) {
    case "create connection": {
      const { name, host, port, user, tls } = change.values;
      return { action: "create", kind: "connection", name, details: [`${user} at ${host}:${port}, tls ${tls}`] };
    }
    case "update connection": {
      const fields = differences(valuesOfRow(change.row), change.values).map(
        ({ field, before, after }) => `${field}: ${shownValue(before)} -> ${shownValue(after)}`,
      );
      const details = change.password === null ? fields : [...fields, "password replaced"];
      return { action: "update", kind: "connection", name: change.row.name, details };
    }
    case "delete connection":
      return { action: "delete", kind: "connection", name: change.row.name, details: ["its open sessions end"] };
    case "create policy": {
      const { identities, metadata, default: otherwise, rules } = change.content;
      const details = [
        `on ${change.connection}`,
        ...identities.map((one) => `binds ${bindingText(one)}`),
        `metadata ${metadata}, default ${otherwise}`,
        ...rules.map((one) => `rule "${one.name}": ${describeRule(one)}`),
      ];
      return { action: "create", kind: "policy", name: change.name, details };
    }
    case "update policy": {
      const moved =
        change.connectionBefore === change.connection
          ? []
          : [`connection: ${change.connectionBefore} -> ${change.connection}`];
      const details = [...moved, ...policyDifferences(change.before, change.content).map(describePolicyDifference)];
      return { action: "update", kind: "policy", name: change.row.name, details };
    }
    case "delete policy":
      return { action: "delete", kind: "policy", name: change.row.name, details: [`on ${change.connection}`] };
    default:
      return change satisfies never;
  }
}

/** The changes in one sentence, for the revision: "Applied a file: 2 created, 1 deleted (connection shop, ...)". */
export function summarise(deed: string, changes: readonly ChangeInWords[]): string {
  const counts = (["create", "update", "delete"] as const).flatMap((action) => {
    const count = changes.filter((one) => one.action === action).length;
    return count === 0 ? [] : [`${count} ${action}d`];
  });
  return `${deed}: ${counts.join(", ")} (${changes.map((one) => `${one.kind} ${one.name}`).join(", ")})`;
}
