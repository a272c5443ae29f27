import { differences } from "@/lib/connections/differences";
import type { Binding } from "../binding";
import { type Change, valuesOfRow } from "./plan";

/** One change for people and for scripts; never a secret. */
export interface ChangeInWords {
  readonly action: "create" | "update" | "delete";
  readonly kind: "connection" | "policy";
  readonly name: string;
  readonly details: readonly string[];
}

const MAX_SHOWN = 80;

function bindingText(one: Binding): string {
  return Object.entries(one)
    .map(([key, value]) => `${key} ${value}`)
    .join();
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.includes("-----BEGIN")
    ? "(certificate)"
    : text.length > MAX_SHOWN
      ? `${text.slice(0, MAX_SHOWN)}...`
      : text;
}

function identityDetails(before: readonly Binding[], after: readonly Binding[]): string[] {
  const texts = { before: before.map(bindingText), after: after.map(bindingText) };
  const added = texts.after.filter((one) => !texts.before.includes(one));
  const removed = texts.before.filter((one) => !texts.after.includes(one));
  const details = [...added.map((one) => `binds ${one}`), ...removed.map((one) => `no longer binds ${one}`)];
  const reordered = details.length === 0 && texts.before.join("\n") !== texts.after.join("\n");
  return reordered ? ["identities in another order"] : details;
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
        ({ field, before, after }) => `${field}: ${shown(before)} -> ${shown(after)}`,
      );
      const details = change.password === null ? fields : [...fields, "password replaced"];
      return { action: "update", kind: "connection", name: change.row.name, details };
    }
    case "delete connection":
      return { action: "delete", kind: "connection", name: change.row.name, details: ["its open sessions end"] };
    case "create policy":
      return {
        action: "create",
        kind: "policy",
        name: change.name,
        details: [`on ${change.connection}`, ...change.identities.map((one) => `binds ${bindingText(one)}`)],
      };
    case "update policy": {
      const moved =
        change.connectionBefore === change.connection
          ? []
          : [`connection: ${change.connectionBefore} -> ${change.connection}`];
      const details = [...moved, ...identityDetails(change.row.identities, change.identities)];
      return { action: "update", kind: "policy", name: change.row.name, details };
    }
    case "delete policy":
      return { action: "delete", kind: "policy", name: change.row.name, details: [`on ${change.connection}`] };
    default:
      return change satisfies never;
  }
}

/** The changes in one sentence, for the revision: "2 created, 1 deleted: connection shop, ...". */
export function summarise(changes: readonly ChangeInWords[]): string {
  const counts = (["create", "update", "delete"] as const).flatMap((action) => {
    const count = changes.filter((one) => one.action === action).length;
    return count === 0 ? [] : [`${count} ${action}d`];
  });
  return `Applied a file: ${counts.join(", ")} (${changes.map((one) => `${one.kind} ${one.name}`).join(", ")})`;
}
