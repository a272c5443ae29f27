import { describeMask, describeMaskChange } from "@/lib/masking/describe-mask";
import { bindingText, describePolicyDifference, describeRule, policyDifferences, shownValue } from "../policy-diff";
import { watchDifferences } from "../watch-differences";
import { type Change, maskName } from "./plan";
import { changedFields } from "./plan-connections";

/** One change for people and for scripts; never a secret. */
export interface ChangeInWords {
  readonly action: "create" | "update" | "delete";
  readonly kind: "connection" | "mask" | "policy";
  readonly name: string;
  readonly details: readonly string[];
}

/** What one change does, field by field. */
export function changeInWords(change: Change): ChangeInWords {
  switch (change.kind) {
    case "create connection": {
      const { name, host, port, user, restrictedUser, tls } = change.values;
      const details = [
        `${user} at ${host}:${port}, tls ${tls}`,
        ...(restrictedUser === null ? [] : [`restricted account ${restrictedUser}`]),
      ];
      return { action: "create", kind: "connection", name, details };
    }
    case "update connection": {
      const fields = changedFields(change.row, change.values).map(
        ({ field, before, after }) => `${field}: ${shownValue(before)} -> ${shownValue(after)}`,
      );
      const details = [
        ...fields,
        ...(change.password === null ? [] : ["password replaced"]),
        ...(change.restrictedPassword === null ? [] : ["restricted password replaced"]),
      ];
      return { action: "update", kind: "connection", name: change.row.name, details };
    }
    case "delete connection":
      return { action: "delete", kind: "connection", name: change.row.name, details: ["its open sessions end"] };
    case "create mask": {
      const name = maskName(change.content.column, change.connection);
      return { action: "create", kind: "mask", name, details: [describeMask(change.content)] };
    }
    case "update mask": {
      const name = maskName(change.before.column, change.connection);
      return { action: "update", kind: "mask", name, details: describeMaskChange(change.before, change.content) };
    }
    case "delete mask": {
      const name = maskName(change.row.column, change.connection);
      return {
        action: "delete",
        kind: "mask",
        name,
        details: ["its columns are shown, unless another mask is about them"],
      };
    }
    case "create policy": {
      const { identities, metadata, default: otherwise, rules } = change.content;
      const details = [
        `on ${change.connection}`,
        ...identities.map((one) => `binds ${bindingText(one)}`),
        `metadata ${metadata}, default ${otherwise}`,
        ...watchDifferences({}, change.content).map(({ name, after }) => `${name}: ${after}`),
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
