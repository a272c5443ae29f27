import type { Catalogue } from "@/lib/sql/catalogue";
import type { Policy } from "../rule";
import type { Subject } from "../subject";
import { grantedBy, unusedOf } from "./granted";
import type { IdentityUse, PolicyUse, RuleUse } from "./model";
import { type Narrowing, narrowRule } from "./narrow-rule";
import type { RuleName } from "./rules-used";
import { UsedScope } from "./used-scope";

/** Statements of one identity and one template that a rule let pass. */
export interface RuleHit {
  /** Those that they use now. */
  readonly rules: readonly RuleName[];
  readonly identityId: string;
  readonly statements: number;
  readonly lastAt: Date;
  /** What the template is; null where it is not understood. */
  readonly subject: Subject | null;
}

/** What was used of each rule, in all and by each identity. */
export class RuleUses {
  readonly #all = new Map<string, UsedScope>();
  readonly #byIdentity = new Map<string, UsedScope>();
  readonly #identities = new Map<string, { statements: number; lastAt: Date }>();

  add({ rules, identityId, statements, lastAt, subject }: RuleHit): void {
    const known = this.#identities.get(identityId) ?? { statements: 0, lastAt };
    known.statements += statements;
    if (lastAt > known.lastAt) known.lastAt = lastAt;
    this.#identities.set(identityId, known);
    for (const { policy, name } of rules) {
      for (const [map, key] of [
        [this.#all, keyOf(policy, name)],
        [this.#byIdentity, keyOf(policy, name, identityId)],
      ] as const) {
        const used = map.get(key) ?? new UsedScope();
        used.add(subject, statements, lastAt);
        map.set(key, used);
      }
    }
  }

  /** What rules let pass of an identity, each statement once; null: nothing. */
  totalOf(identityId: string): { readonly statements: number; readonly lastAt: Date } | null {
    return this.#identities.get(identityId) ?? null;
  }

  of(policy: string, rule: string): UsedScope {
    return this.#all.get(keyOf(policy, rule)) ?? new UsedScope();
  }

  ofIdentity(policy: string, rule: string, identityId: string): UsedScope {
    return this.#byIdentity.get(keyOf(policy, rule, identityId)) ?? new UsedScope();
  }
}

const keyOf = (...parts: readonly string[]) => parts.join("\0");

/** What a policy grants and nobody used, with the policy that would be left. */
export function policyUse(
  { id, version }: { readonly id: string; readonly version: number },
  policy: Policy,
  uses: RuleUses,
  catalogue: Catalogue,
): PolicyUse {
  const narrowings = policy.rules.map((rule) => narrowRule(rule, uses.of(policy.name, rule.name), catalogue));
  const rules = policy.rules.flatMap((rule, at) => kept(narrowings[at]) ?? rule);
  return {
    id,
    name: policy.name,
    version,
    rules: policy.rules.map((rule, at): RuleUse => {
      const used = uses.of(policy.name, rule.name);
      const narrowing = narrowings[at];
      const granted = used.statements === 0 ? null : grantedBy(rule, catalogue);
      return {
        rule: rule.name,
        effect: rule.effect,
        statements: used.statements,
        lastAt: used.lastAt?.toISOString() ?? null,
        unused: granted === null ? null : unusedOf(granted, used),
        kept: narrowing?.kind === "as_it_is" ? narrowing.kept : null,
      };
    }),
    narrowed: narrowings.every((one) => one.kind === "as_it_is") ? null : { ...policy, rules },
  };
}

/** What is left of the rule in its list; null: itself. */
function kept(narrowing: Narrowing | undefined): Policy["rules"] | null {
  if (narrowing?.kind === "narrowed") return [narrowing.rule];
  return narrowing?.kind === "removed" ? [] : null;
}

/** What an identity is granted by the policies that bind it, and has not used. */
export function identityUse(
  identity: { readonly id: string; readonly name: string },
  policies: readonly Policy[],
  uses: RuleUses,
  catalogue: Catalogue,
): IdentityUse {
  const granting = policies.flatMap(({ name, rules }) =>
    rules.filter((rule) => rule.effect !== "deny").map((rule) => ({ policy: name, rule })),
  );
  const used = granting.map(({ policy, rule }) => uses.ofIdentity(policy, rule.name, identity.id));
  const total = uses.totalOf(identity.id);
  return {
    ...identity,
    statements: total?.statements ?? 0,
    lastAt: total?.lastAt.toISOString() ?? null,
    grants: granting.map(({ policy, rule }, at) => {
      const mine = used[at];
      const granted = mine === undefined || mine.statements === 0 ? null : grantedBy(rule, catalogue);
      return {
        policy,
        rule: rule.name,
        statements: mine?.statements ?? 0,
        unused: granted === null || mine === undefined ? null : unusedOf(granted, mine),
      };
    }),
  };
}
