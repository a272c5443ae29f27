import type { policies } from "@/lib/db/schema";
import { type Policy, policyFields } from "./rule";

type PolicyRow = typeof policies.$inferSelect;

/** What a policy says, in the shape and the order of the configuration file. */
export type PolicyContent = Pick<Policy, "identities" | "metadata" | "default" | "rules" | "budgets" | "sudden">;

/** The columns that hold what a policy says. */
export function columnsOf(
  content: PolicyContent,
): Pick<PolicyRow, "identities" | "metadata" | "defaultEffect" | "rules" | "budgets" | "sudden"> {
  const { identities, metadata, default: defaultEffect, rules, budgets, sudden } = content;
  return { identities, metadata, defaultEffect, rules, budgets: budgets ?? null, sudden: sudden ?? null };
}

/**
 * What a row says, keys in the order of the model: MySQL sorts the keys of the JSON that it stores, MariaDB does not. A row that is not
 * of this version's model comes as it is stored.
 */
export function contentOf(row: ReturnType<typeof columnsOf>): PolicyContent {
  const { identities, metadata, defaultEffect, rules, budgets, sudden } = row;
  const optional = { ...(budgets === null ? {} : { budgets }), ...(sudden === null ? {} : { sudden }) };
  const stored = { metadata, default: defaultEffect, rules, ...optional };
  return { identities, ...(policyFields.safeParse(stored).data ?? stored) };
}
