"use client";

import { Download } from "lucide-react";
import Link from "next/link";
import { KillActions } from "@/components/sessions/kill-actions";
import { Badge } from "@/components/ui/badge";
import { Button, buttonStyles } from "@/components/ui/button";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { Menu, MenuItem } from "@/components/ui/menu";
import { PageHeader } from "@/components/ui/page-header";
import { Time } from "@/components/ui/time";
import { IntegrityBadge } from "./integrity-badge";
import { useReplay } from "./use-player";

/** Whose session this is, whether its record is proven, and what can be done with it. */
export function ReplayHead({
  title,
  mayKill,
  mayExport,
}: {
  readonly title: string;
  readonly mayKill: boolean;
  readonly mayExport: boolean;
}) {
  const { replay } = useReplay();
  const { session, chunks } = replay;
  return (
    <PageHeader
      title={title}
      badge={
        <>
          {session.live ? <Badge tone="ok">Live</Badge> : null}
          <IntegrityBadge sessionId={session.id} />
        </>
      }
      description={
        <>
          <Time value={session.startedAt} mode="both" /> · {formatCount(replay.statements.length)}{" "}
          {replay.statements.length === 1 ? "statement" : "statements"} · {session.clientProgram ?? "unknown program"}{" "}
          from {session.clientAddress}
          {chunks.rawBytes === 0 ? "" : ` · ${formatBytes(chunks.rawBytes)} recorded`}
        </>
      }
      actions={
        <>
          {session.live && mayKill ? <KillActions sessionId={session.id} ending={false} /> : null}
          {mayExport ? <ExportMenu sessionId={session.id} /> : null}
          <Link href={`/sessions/${session.id}`} className={buttonStyles({})}>
            Session
          </Link>
        </>
      }
    />
  );
}

function ExportMenu({ sessionId }: { readonly sessionId: string }) {
  const download = (format: "ndjson" | "txt") =>
    window.location.assign(`/api/sessions/${sessionId}/replay/export?format=${format}`);
  return (
    <Menu
      trigger={
        <Button>
          <Download aria-hidden />
          Export
        </Button>
      }
    >
      <MenuItem onSelect={() => download("ndjson")}>NDJSON, everything</MenuItem>
      <MenuItem onSelect={() => download("txt")}>Text transcript</MenuItem>
    </Menu>
  );
}
