import { Play } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { KillActions } from "@/components/sessions/kill-actions";
import { SessionFactsCard } from "@/components/sessions/session-facts-card";
import { SessionStateBadge } from "@/components/sessions/session-state-badge";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { replayHref } from "@/lib/recordings/timeline/address";
import { getSession } from "@/lib/sessions/get";
import { SessionStatements } from "./session-statements";

export const metadata: Metadata = { title: "Session" };

export default async function SessionPage({
  params,
  searchParams,
}: {
  readonly params: Promise<{ id: string }>;
  readonly searchParams: Promise<RawParams>;
}) {
  const ctx = await requirePermission("sessions:view");
  const { id } = await params;
  const session = await getSession(ctx, id).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const running = session.state === "live" || session.state === "ending";
  return (
    <div className="flex flex-col gap-4">
      <Crumb text={`${session.identityName} on ${session.connectionName}`} />
      <PageHeader
        title={`${session.identityName} on ${session.connectionName}`}
        badge={
          <>
            <SessionStateBadge state={session.state} endReason={session.endReason} />
            {session.waitingFor === null ? null : (
              <span className="text-muted text-sm">waiting for approval {session.waitingFor}</span>
            )}
          </>
        }
        actions={
          <>
            {running && may(ctx.actor.roles, "sessions:kill") ? (
              <KillActions sessionId={session.id} ending={session.state === "ending"} />
            ) : null}
            {may(ctx.actor.roles, "recordings:view") ? (
              <Link href={replayHref(session.id)} className={buttonStyles({ variant: "primary" })}>
                <Play aria-hidden />
                Replay
              </Link>
            ) : null}
          </>
        }
      />
      <SessionFactsCard session={session} />
      <SessionStatements ctx={ctx} session={session} params={await searchParams} running={running} />
    </div>
  );
}
