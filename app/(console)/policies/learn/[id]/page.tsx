import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import type { ReactNode } from "react";
import { AnalysisProgress } from "@/components/analyses/analysis-progress";
import { AnalysisStateBadge } from "@/components/analyses/analysis-state-badge";
import { ProposalReviewView } from "@/components/policies/learn/proposal-review-view";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import { SallyportError } from "@/lib/errors/error";
import { getProposal, type Proposal } from "@/lib/learning/get-proposal";
import { listPublished } from "@/lib/learning/list-published";
import { listPolicies } from "@/lib/policy/list-policies";
import type { LearnResult } from "@/lib/policy/suggest/model";

export const metadata: Metadata = { title: "Proposal" };

export default async function ProposalPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("analyses:view");
  const { id } = await params;
  const proposal = await getProposal(ctx, id).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const { analysis, input } = proposal;
  const { since, until } = input;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Proposal" />
      <PageHeader
        title={`${analysis.state === "done" ? "Learned" : "Learning"} on ${analysis.connectionName}`}
        badge={<AnalysisStateBadge state={analysis.state} />}
        description={
          <>
            From the record of <Time value={since} mode="absolute" /> to <Time value={until} mode="absolute" />; asked
            for by {analysis.createdBy} <Time value={analysis.createdAt} />.
          </>
        }
        actions={
          <Link href={againHref(proposal)} className={buttonStyles({})}>
            Other period or identities
          </Link>
        }
      />
      <Standing ctx={ctx} proposal={proposal} />
    </div>
  );
}

const againHref = ({ input }: Proposal) =>
  `/policies/learn?${new URLSearchParams({ connection: input.connection, from: input.since, to: input.until })}`;

async function Standing({ ctx, proposal }: { readonly ctx: ConsoleCtx; readonly proposal: Proposal }) {
  const { analysis, result } = proposal;
  const { state, error } = analysis;
  switch (state) {
    case "queued":
    case "running":
      return (
        <Framed>
          <div className="p-4">
            <AnalysisProgress analysis={analysis} what="Learning" mayCancel={may(ctx.actor.roles, "analyses:run")} />
          </div>
        </Framed>
      );
    case "failed":
    case "cancelled": {
      const title = state === "failed" ? "Learning failed" : "Learning was cancelled";
      return (
        <Framed>
          <EmptyState
            kind={state === "failed" ? "error" : "no-result"}
            title={title}
            action={
              <Link href={againHref(proposal)} className={buttonStyles({ variant: "primary" })}>
                Start again
              </Link>
            }
          >
            {state === "failed" ? error : "It left nothing behind. The same question can be asked again."}
          </EmptyState>
        </Framed>
      );
    }
    case "done":
      return result === null ? null : <Done ctx={ctx} proposal={proposal} result={result} />;
    default:
      return state satisfies never;
  }
}

function Framed({ children }: { readonly children: ReactNode }) {
  return <div className="rounded-lg border bg-surface">{children}</div>;
}

async function Done({
  ctx,
  proposal,
  result,
}: {
  readonly ctx: ConsoleCtx;
  readonly proposal: Proposal;
  readonly result: LearnResult;
}) {
  const { analysis, input } = proposal;
  const [connections, published] = await Promise.all([listConnections(ctx), listPublished(ctx, analysis.createdAt)]);
  const connection = connections.find((one) => one.name === analysis.connectionName);
  const inForce = connection === undefined ? [] : await listPolicies(ctx, connection.id);
  const existing = result.policies.map(({ policy }) => {
    const bound = new Set(policy.identities.map((one) => JSON.stringify(one)));
    return inForce
      .filter(({ identities }) => identities.some((one) => bound.has(JSON.stringify(one))))
      .map(({ id, name }) => ({ id, name }));
  });
  return (
    <ProposalReviewView
      analysis={analysis.id}
      connection={{ id: connection?.id ?? null, name: analysis.connectionName }}
      period={{ since: input.since, until: input.until }}
      result={result}
      existing={existing}
      published={published.filter((one) => one.analysis === analysis.id)}
      mayEdit={may(ctx.actor.roles, "policies:edit")}
    />
  );
}
