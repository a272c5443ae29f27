import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { LearnForm } from "@/components/policies/learn/learn-form";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { ListSkeleton } from "@/components/ui/skeleton";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { listConnections } from "@/lib/connections/list-connections";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { listSeen } from "@/lib/learning/list-seen";
import { EarlierProposals } from "./earlier";
import { readLearnPeriod, USUAL_RANGE } from "./search-params";

export const metadata: Metadata = { title: "Learn" };

export default async function LearnPage({ searchParams }: { readonly searchParams: Promise<RawParams> }) {
  const ctx = await requirePermission("analyses:view");
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Learn" />
      <PageHeader
        title="Learn"
        description="Proposes the smallest policy that covers what identities did in a part of the record. Nothing changes before you have reviewed it and publish it."
      />
      <Suspense fallback={<ListSkeleton columns={4} rows={6} />}>
        <Learning ctx={ctx} params={await searchParams} />
      </Suspense>
    </div>
  );
}

async function Learning({ ctx, params }: { readonly ctx: ConsoleCtx; readonly params: RawParams }) {
  const connections = await listConnections(ctx);
  let asked: ReturnType<typeof readLearnPeriod>;
  try {
    asked = readLearnPeriod(params, new Date());
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return <Nothing kind="error" title="This address has a period that is not understood" text={error.message} />;
    }
    throw error;
  }
  // Somebody who comes without a wish most likely observes something.
  const usual = connections.find((one) => one.mode === "observe") ?? connections[0];
  const chosen = asked.connection === undefined ? usual : connections.find((one) => one.name === asked.connection);
  if (usual === undefined) {
    return <Nothing kind="first-use" title="Learning needs a connection" text="There is none yet to learn from." />;
  }
  if (chosen === undefined) {
    return <Nothing kind="no-result" title={`There is no connection ${asked.connection}`} text="Choose another one." />;
  }
  const { since, until } = asked;
  const identities = await listSeen(ctx, { connection: chosen.name, since, until });
  return (
    <>
      <LearnForm
        connections={connections.map((one) => one.name)}
        connection={{ name: chosen.name, mode: chosen.mode }}
        since={since.toISOString()}
        until={until.toISOString()}
        usualRange={USUAL_RANGE}
        identities={identities}
        mayRun={may(ctx.actor.roles, "analyses:run")}
        mayConfigure={may(ctx.actor.roles, "connections:edit")}
      />
      <EarlierProposals ctx={ctx} connection={chosen.name} />
    </>
  );
}

function Nothing({
  kind,
  title,
  text,
}: {
  readonly kind: "first-use" | "no-result" | "error";
  readonly title: string;
  readonly text: string;
}) {
  const [href, label] =
    kind === "first-use" ? ["/connections", "Add a connection"] : ["/policies/learn", "Start again"];
  return (
    <div className="rounded-lg border bg-surface">
      <EmptyState
        kind={kind}
        title={title}
        action={
          <Link href={href} className={buttonStyles({})}>
            {label}
          </Link>
        }
      >
        {text}
      </EmptyState>
    </div>
  );
}
