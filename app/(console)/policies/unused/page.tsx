import type { Metadata } from "next";
import Link from "next/link";
import { AnalysisProgress } from "@/components/analyses/analysis-progress";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { IdleIdentities, UnusedIdentities } from "@/components/unused/unused-identities";
import { UnusedPolicy } from "@/components/unused/unused-policies";
import { UnusedStart } from "@/components/unused/unused-start";
import { isPending } from "@/lib/analyses/labels";
import { listAnalyses } from "@/lib/analyses/read";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import type { RawParams } from "@/lib/http/address-params";
import { UNUSED_KIND } from "@/lib/policy/unused/model";
import { getUnused, type UnusedAnalysis } from "@/lib/unused/read";

export const metadata: Metadata = { title: "Unused" };

export default async function UnusedPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("analyses:view");
  const [params, connections] = await Promise.all([searchParams, listConnections(ctx)]);
  const names = connections.map((one) => one.name);
  const name = names.find((one) => one === params.connection) ?? names[0];
  const [newest] = name === undefined ? [] : await listAnalyses(ctx, UNUSED_KIND, name, 1);
  const id = typeof params.id === "string" ? params.id : newest?.id;
  const shown = id === undefined ? null : await getUnused(ctx, id);
  const runs = may(ctx.actor.roles, "analyses:run");
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Unused" />
      <PageHeader
        title="Unused privileges"
        description="What policies grant and nobody has used: rules, tables, columns and kinds of statements."
      />
      {name === undefined ? (
        <EmptyState
          kind="first-use"
          title="No connection yet"
          action={
            <Link href="/connections" className={buttonStyles({ variant: "primary" })}>
              Connections
            </Link>
          }
        />
      ) : (
        <>
          <UnusedStart connections={names} connection={name} mayRun={runs} />
          {shown === null ? (
            <EmptyState kind="first-use" title="Nobody has looked yet">
              {runs
                ? "It reads the recorded statements of the period and compares them with what the policies grant."
                : "An administrator can start it."}
            </EmptyState>
          ) : (
            <Shown analysis={shown} edits={may(ctx.actor.roles, "policies:edit")} runs={runs} />
          )}
        </>
      )}
    </div>
  );
}

function Shown({
  analysis,
  edits,
  runs,
}: {
  readonly analysis: UnusedAnalysis;
  readonly edits: boolean;
  readonly runs: boolean;
}) {
  const { result, ...head } = analysis;
  if (isPending(head)) {
    return (
      <Card>
        <AnalysisProgress key={head.id} analysis={head} what="Looking for unused privileges" mayCancel={runs} />
      </Card>
    );
  }
  if (result === null) {
    return (
      <EmptyState kind="error" title={head.state === "cancelled" ? "It was cancelled" : "It could not be finished"}>
        {head.error ?? "Look again."}
      </EmptyState>
    );
  }
  return (
    <>
      <p className="text-muted text-sm">
        {formatCount(result.statements)} statements that rules let pass, from <Time value={result.since} /> to{" "}
        <Time value={result.until} />. Asked for by {head.createdBy}.
        {result.notUnderstood === 0
          ? null
          : ` ${formatCount(result.notUnderstood)} templates are not understood any more: what they used is not known.`}
      </p>
      {result.policies.length === 0 ? (
        <EmptyState kind="first-use" title="This connection has no policy" />
      ) : (
        result.policies.map((policy) => (
          <UnusedPolicy
            key={policy.id}
            policy={policy}
            narrowHref={edits ? `/policies/${policy.id}?narrowed=${head.id}` : null}
          />
        ))
      )}
      {result.identities.length === 0 ? null : <UnusedIdentities identities={result.identities} />}
      <IdleIdentities idle={result.idle} neverSeen={result.neverSeen} />
    </>
  );
}
