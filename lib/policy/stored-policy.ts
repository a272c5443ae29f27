import { z } from "zod";
import { problemsOf } from "@/lib/parse-input";
import { type Binding, type BindingFacts, binding, binds } from "./binding";
import { type Policy, policyFields, type Rule } from "./rule";

/** A stored policy as a gateway holds it. */
export interface BoundPolicy {
  readonly policy: Policy;
  /** Whom it binds can not be read: it holds for everybody on the connection, and lets nobody in. */
  readonly bindsEverybody: boolean;
}

/** The columns of a policy's row, as the store gives them: nothing says that this version wrote them. */
export interface StoredPolicy {
  readonly name: string;
  readonly identities: unknown;
  readonly metadata: unknown;
  readonly defaultEffect: unknown;
  readonly rules: unknown;
  readonly budgets?: unknown;
  readonly sudden?: unknown;
}

const storedBindings = z.array(binding);

/** Denies all but housekeeping, so that clients get as far as reading the refusal. */
const DENY_ALL: Rule = {
  name: "stored policy is not readable",
  effect: "deny",
  statements: ["read", "write", "ddl", "admin", "metadata"],
};

/**
 * Reads a row of the store. One that does not parse (written by another version, or by hand) becomes a policy that denies
 * everything, and `problem` says what is wrong with it: leaving it out could lift its denials.
 */
export function readStoredPolicy(row: StoredPolicy): { readonly bound: BoundPolicy; readonly problem: string | null } {
  const { name, metadata, defaultEffect, rules } = row;
  const { budgets, sudden } = { budgets: row.budgets ?? undefined, sudden: row.sudden ?? undefined };
  const identities = storedBindings.safeParse(row.identities);
  const fields = policyFields.safeParse({ metadata, default: defaultEffect, rules, budgets, sudden });
  const problems = [identities, fields].flatMap(({ error }) => (error === undefined ? [] : problemsOf(error)));
  const bound: Binding[] = identities.data ?? [];
  if (identities.success && fields.success) {
    return { bound: { policy: { name, identities: bound, ...fields.data }, bindsEverybody: false }, problem: null };
  }
  return {
    bound: {
      policy: { name, identities: bound, metadata: "deny", default: "deny", rules: [DENY_ALL] },
      bindsEverybody: !identities.success,
    },
    problem: problems.map((one) => `${one.path}: ${one.message}`).join("; "),
  };
}

/** The policies that hold for an identity on a connection, in their order: what `compilePolicies` takes. */
export function policiesFor(policies: readonly BoundPolicy[], facts: BindingFacts): readonly Policy[] {
  return policies.filter((one) => one.bindsEverybody || binds(one.policy.identities, facts)).map((one) => one.policy);
}
