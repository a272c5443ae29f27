import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ReplayPage } from "@/components/replay/replay-page";
import { Crumb } from "@/components/shell/shell-context";
import { requirePermission } from "@/lib/auth/require";
import { may } from "@/lib/auth/roles";
import { SallyportError } from "@/lib/errors/error";
import { getSession } from "@/lib/sessions/get";

export const metadata: Metadata = { title: "Replay" };

/** The frame of a replay; the player reads the recording itself, so that a large one is sent once and as plain data. */
export default async function SessionReplayPage({ params }: { readonly params: Promise<{ id: string }> }) {
  const ctx = await requirePermission("recordings:view");
  const { id } = await params;
  const session = await getSession(ctx, id).catch((error: unknown) => {
    if (error instanceof SallyportError && error.code === "NOT_FOUND") notFound();
    throw error;
  });
  const { roles } = ctx.actor;
  return (
    <>
      <Crumb text={`Replay of ${session.identityName} on ${session.connectionName}`} />
      <ReplayPage
        sessionId={session.id}
        title={`${session.identityName} on ${session.connectionName}`}
        mayKill={may(roles, "sessions:kill")}
        mayExport={may(roles, "records:export")}
      />
    </>
  );
}
