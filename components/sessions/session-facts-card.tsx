import Link from "next/link";
import { Card, Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { SESSION_END_LABELS, SESSION_STATE_LABELS } from "@/lib/sessions/labels";
import type { SessionFacts } from "@/lib/sessions/rows";
import { SessionDuration } from "./session-table";

const LINK = "text-accent-text underline underline-offset-4";

/** How and when the session ended, or that it runs. */
function ending(session: SessionFacts): string {
  if (session.state === "ended" && session.endReason !== null) {
    return `${SESSION_END_LABELS[session.endReason].label}. ${SESSION_END_LABELS[session.endReason].explanation}`;
  }
  return SESSION_STATE_LABELS[session.state].explanation;
}

/** Everything known of a session apart from its statements. */
export function SessionFactsCard({ session }: { readonly session: SessionFacts }) {
  const who = [
    {
      key: "identity",
      name: "Identity",
      value: (
        <Link className={LINK} href={`/sessions?identity=${session.identityId}`}>
          {session.identityName}
        </Link>
      ),
    },
    {
      key: "connection",
      name: "Connection",
      value: (
        <Link className={LINK} href={`/sessions?connection=${encodeURIComponent(session.connectionName)}`}>
          {session.connectionName}
        </Link>
      ),
    },
    {
      key: "client",
      name: "Client",
      value: `${session.clientProgram ?? "unknown program"} (its own word) from ${session.clientAddress}`,
    },
    { key: "login", name: "Login", value: `${session.authMethod} over ${session.tlsVersion}` },
    { key: "token", name: "Token expires", value: <Time value={session.tokenExpiresAt} mode="both" /> },
    { key: "wire", name: "Connection id", value: <CopyId value={String(session.wireId)} /> },
    { key: "id", name: "Session id", value: <CopyId value={session.id} /> },
  ];
  const what = [
    { key: "started", name: "Started", value: <Time value={session.startedAt} mode="both" /> },
    {
      key: "ended",
      name: "Ended",
      value: session.endedAt === null ? "still running" : <Time value={session.endedAt} mode="both" />,
    },
    { key: "how", name: "How", value: ending(session) },
    {
      key: "duration",
      name: "Duration",
      value: <SessionDuration startedAt={session.startedAt} endedAt={session.endedAt} />,
    },
    {
      key: "statements",
      name: "Statements",
      value: `${formatCount(session.statementCount)}, of them ${formatCount(session.errorCount)} failed`,
    },
    {
      key: "bytes",
      name: "Bytes",
      value: `${formatBytes(session.bytesIn)} from the client, ${formatBytes(session.bytesOut)} to it`,
    },
    {
      key: "gateway",
      name: "Gateway",
      value: `${session.gatewayAddress} on ${session.gatewayHostname}`,
    },
  ];
  const kill =
    session.killRequestedAt === null
      ? []
      : [
          {
            key: "kill",
            name: session.killStatementOnly ? "Stop asked by" : "Kill asked by",
            value: (
              <>
                {session.killRequestedBy ?? "unknown"}, <Time value={session.killRequestedAt} mode="both" />
              </>
            ),
          },
        ];
  return (
    <Card>
      <div className="grid gap-x-8 gap-y-1.5 lg:grid-cols-2">
        <Facts items={who} className="content-start" />
        <Facts items={[...what, ...kill]} className="content-start" />
      </div>
    </Card>
  );
}
