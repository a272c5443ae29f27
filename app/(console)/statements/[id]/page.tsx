import { ChevronLeft, ChevronRight, Play } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { Crumb } from "@/components/shell/shell-context";
import { StatementFacts } from "@/components/statements/statement-facts";
import { buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import { replayHref } from "@/lib/recordings/timeline/address";
import { getStatement } from "@/lib/statements/get";

export const metadata: Metadata = { title: "Statement" };

export default async function StatementPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("statements:view");
  const { id } = await params;
  const statement = await getStatement(ctx, id).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={`Statement ${statement.sequence} of ${statement.identityName ?? statement.identityId}`} />
      <PageHeader
        title="Statement"
        description={
          <>
            {statement.identityName ?? statement.identityId} on {statement.connectionName},{" "}
            <Time value={statement.at} mode="both" />
          </>
        }
        actions={
          <nav aria-label="Statements of the same session" className="flex flex-wrap items-center gap-2">
            <Neighbour id={statement.previousId} side="previous" />
            <Neighbour id={statement.nextId} side="next" />
            <Link href={`/sessions/${statement.sessionId}`} className={buttonStyles({})}>
              Open its session
            </Link>
            {may(ctx.actor.roles, "recordings:view") ? (
              <Link
                href={replayHref(statement.sessionId, { statementId: statement.id })}
                className={buttonStyles({ variant: "primary" })}
              >
                <Play aria-hidden />
                Replay
              </Link>
            ) : null}
          </nav>
        }
      />
      <Card>
        <StatementFacts statement={statement} />
      </Card>
    </div>
  );
}

function Neighbour({ id, side }: { readonly id: string | null; readonly side: "previous" | "next" }) {
  const content = (
    <>
      {side === "previous" ? <ChevronLeft aria-hidden /> : null}
      {side === "previous" ? "Earlier" : "Later"}
      {side === "next" ? <ChevronRight aria-hidden /> : null}
    </>
  );
  return id === null ? (
    <span aria-disabled className={buttonStyles({ className: "opacity-60 hover:bg-surface" })}>
      {content}
    </span>
  ) : (
    <Link href={`/statements/${id}`} className={buttonStyles({})} rel={side === "previous" ? "prev" : "next"}>
      {content}
    </Link>
  );
}
