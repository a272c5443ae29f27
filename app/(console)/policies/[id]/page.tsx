import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { MeterList } from "@/components/budgets/meter-list";
import { LearnedEditor } from "@/components/policies/learn/learned-editor";
import { RemovePolicy } from "@/components/policies/remove-policy";
import { LiveRefresh } from "@/components/shell/live";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listUses } from "@/lib/budgets/list-uses";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import type { PolicyDraft } from "@/lib/policy/draft/draft";
import { removalOnlyNarrows } from "@/lib/policy/impact/policy-narrows";
import { getPolicy, type PolicyView } from "@/lib/policy/list-policies";
import { publishNewPolicyAction, publishPolicyAction, removePolicyAction } from "../actions";
import { editorFacts, narrowedDraft, triedStatement, wantedRule, withWantedRule } from "../editor-facts";
import { learnedPolicy } from "../learned-policy";

export const metadata: Metadata = { title: "Policy" };

function draftOf({
  name,
  connection,
  identities,
  metadata,
  default: fallback,
  rules,
  budgets,
  sudden,
}: PolicyView): PolicyDraft {
  return {
    ...{ name, connection: connection.name, identities, metadata, default: fallback, rules },
    ...(budgets === undefined ? {} : { budgets }),
    ...(sudden === undefined ? {} : { sudden }),
  };
}

interface Props {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<RawParams>;
}

export default async function PolicyPage({ params, searchParams }: Props) {
  const ctx = await requirePermission("policies:view");
  const [{ id }, search] = await Promise.all([params, searchParams]);
  const policy = await getPolicy(ctx, decodeURIComponent(id)).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const edits = may(ctx.actor.roles, "policies:edit");
  const [facts, uses, tried, wanted, learned] = await Promise.all([
    editorFacts(ctx),
    listUses(ctx, { policyId: policy.id }),
    triedStatement(ctx, search),
    wantedRule(ctx, search),
    learnedPolicy(ctx, search),
  ]);
  const { name, connection, version, updatedBy } = policy;
  const draft = draftOf(policy);
  const starting = await narrowedDraft(ctx, search, policy, withWantedRule(draft, wanted));
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={name} />
      <LiveRefresh topics={policy.budgets === undefined ? ["connections"] : ["connections", "statements"]} />
      <PageHeader
        title={name}
        description={
          <>
            On{" "}
            <Link href={`/connections/${connection.name}`} className="text-accent-text underline underline-offset-4">
              {connection.name}
            </Link>
            . Changed <Time value={policy.updatedAt} /> by {updatedBy}.
          </>
        }
        actions={
          <>
            <Link href={`/statements?policy=${encodeURIComponent(name)}`} className={buttonStyles({})}>
              What it decided
            </Link>
            <Link href="/policies/history" className={buttonStyles({})}>
              History
            </Link>
            {edits ? (
              <RemovePolicy
                id={policy.id}
                version={version}
                name={name}
                connection={connection.name}
                onlyNarrows={removalOnlyNarrows(draft)}
                remove={removePolicyAction}
              />
            ) : null}
          </>
        }
      />
      {starting.outdated ? (
        <p role="status" className="rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          This policy was changed after somebody looked for unused privileges, so nothing is taken away here. Look
          again.
        </p>
      ) : null}
      {policy.budgets === undefined || policy.budgets.length === 0 ? null : (
        <Card title="Use of the budgets now" description="Of each identity that has used any of them in this window.">
          {uses.meters.length === 0 ? (
            <p className="text-muted text-sm">Nobody has used anything of them in the windows that are open.</p>
          ) : (
            <MeterList {...uses} of="policy" links={may(ctx.actor.roles, "identities:view")} />
          )}
        </Card>
      )}
      <LearnedEditor
        key={policy.id}
        learned={learned}
        stored={{ id: policy.id, version, draft, updatedBy }}
        starting={starting.draft}
        {...facts}
        {...(tried === undefined ? {} : { tried })}
        actions={edits ? { create: publishNewPolicyAction, update: publishPolicyAction } : null}
      />
    </div>
  );
}
