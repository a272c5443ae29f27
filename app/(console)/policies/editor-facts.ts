import type { TryPanelProps } from "@/components/policies/try/try-panel";
import { compareWithPolicies, type PolicyComparison } from "@/lib/approvals/compare-with-policies";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { freeRuleName, type PolicyDraft } from "@/lib/policy/draft/draft";
import { suggestBindings } from "@/lib/policy/suggest-bindings";
import { filterOptions } from "@/lib/sessions/filter-options";
import { getStatement } from "@/lib/statements/get";
import { getUnused } from "@/lib/unused/read";

/** What the editor offers: connections, identities to bind, and identities seen to try as. */
export async function editorFacts(ctx: ConsoleCtx) {
  const [connections, suggestions, options] = await Promise.all([
    listConnections(ctx),
    may(ctx.actor.roles, "policies:edit") ? suggestBindings(ctx) : [],
    filterOptions(ctx),
  ]);
  return {
    connections: connections.map(({ id, name, mode }) => ({ id, name, mode })),
    suggestions,
    seen: options.identities,
  };
}

/** The recorded statement that the address asks to try (`try=<id>`), or undefined. */
export async function triedStatement(ctx: ConsoleCtx, params: RawParams): Promise<TryPanelProps["start"]> {
  if (typeof params.try !== "string" || !may(ctx.actor.roles, "statements:view")) return undefined;
  try {
    const { sql, identityId, defaultSchema } = await getStatement(ctx, params.try);
    return { sql, identityId, schema: defaultSchema };
  } catch (error) {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}

/** What the address wants added (`approval=<id>`): the rule that would have let an approved statement pass; null: nothing. */
export async function wantedRule(ctx: ConsoleCtx, params: RawParams): Promise<PolicyComparison | null> {
  if (typeof params.approval !== "string" || !may(ctx.actor.roles, "policies:edit")) return null;
  return compareWithPolicies(ctx, params.approval);
}

/** The draft with that rule in front of the one that asked for the review: an earlier review would win over it. */
export function withWantedRule(draft: PolicyDraft, wanted: PolicyComparison | null): PolicyDraft {
  if (wanted === null || !wanted.suggestion.ok) return draft;
  const { rule } = wanted.suggestion;
  const before = draft.rules.findIndex((one) => one.effect === "review");
  const at = before < 0 ? draft.rules.length : before;
  return { ...draft, rules: draft.rules.toSpliced(at, 0, { ...rule, name: freeRuleName(rule.name, draft.rules) }) };
}

/**
 * The draft without what nobody used, as the address wants it (`narrowed=<id of the look>`). `outdated`: the policy has been changed since
 * that look, and the draft is the policy as it is.
 */
export async function narrowedDraft(
  ctx: ConsoleCtx,
  params: RawParams,
  { id, version }: { readonly id: string; readonly version: number },
  draft: PolicyDraft,
): Promise<{ readonly draft: PolicyDraft; readonly outdated: boolean }> {
  const asItIs = { draft, outdated: false };
  if (typeof params.narrowed !== "string" || !may(ctx.actor.roles, "policies:edit")) return asItIs;
  const { result } = await getUnused(ctx, params.narrowed);
  const use = result?.policies.find((one) => one.id === id);
  if (use === undefined || use.narrowed === null) return asItIs;
  return use.version === version
    ? { draft: { ...draft, rules: use.narrowed.rules }, outdated: false }
    : { draft, outdated: true };
}
