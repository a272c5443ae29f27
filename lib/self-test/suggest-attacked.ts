import { authorise } from "@/lib/auth/authorise";
import type { Ctx } from "@/lib/ctx";
import { listSeen } from "@/lib/learning/list-seen";
import { factsOf } from "@/lib/policy/asked-identity";
import { type Binding, binds } from "@/lib/policy/binding";
import { listPolicies, type PolicyView } from "@/lib/policy/list-policies";

const DAY_MS = 86_400_000;
/** How long ago somebody who is suggested has sent statements at most. */
export const SUGGESTED_DAYS = 30;
/** Identities that are looked at, those that were there last first. */
const LOOKED_AT = 50;

/** Whose policies a self-test is to attack when nobody has chosen yet. */
export type Attacked =
  /** Of all that policies bind now, who sent statements last. */
  | { readonly kind: "seen"; readonly id: string; readonly name: string }
  /** Nobody whom a policy binds was there: a binding of the policy with the most rules that allow something. */
  | { readonly kind: "binding"; readonly binding: Binding; readonly policy: string };

export interface AttackedSuggestions {
  /** Null: no policy binds anybody. */
  readonly first: Attacked | null;
  /** Identities of the last weeks that policies bind now, those that were there last first. */
  readonly seen: readonly { readonly id: string; readonly name: string }[];
}

/** Whom a self-test of a connection is worth running for: an identity that may do nothing makes any policy look good. Throws FORBIDDEN. */
export async function suggestAttacked(
  ctx: Ctx,
  connection: { readonly id: string; readonly name: string },
): Promise<AttackedSuggestions> {
  authorise(ctx, "analyses:run");
  const until = new Date();
  const since = new Date(until.getTime() - SUGGESTED_DAYS * DAY_MS);
  const [policies, active] = await Promise.all([
    listPolicies(ctx, connection.id),
    listSeen(ctx, { connection: connection.name, since, until }),
  ]);
  const bindings = policies.flatMap((policy) => policy.identities);
  const seen: { readonly id: string; readonly name: string }[] = [];
  for (const { id, name } of active.slice(0, LOOKED_AT)) {
    if (binds(bindings, await factsOf(ctx.db, { id }))) seen.push({ id, name });
  }
  const [last] = seen;
  return { first: last === undefined ? widest(policies) : { kind: "seen", ...last }, seen };
}

function widest(policies: readonly PolicyView[]): Attacked | null {
  const allowing = ({ rules }: PolicyView) => rules.filter((rule) => rule.effect === "allow").length;
  const [policy] = policies
    .filter((one) => one.identities.length > 0)
    .sort((a, b) => allowing(b) - allowing(a) || a.name.localeCompare(b.name));
  const binding = policy?.identities[0];
  return policy === undefined || binding === undefined ? null : { kind: "binding", binding, policy: policy.name };
}
