"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { NewRowsButton } from "@/components/live/new-rows-button";
import { useFresh } from "@/components/live/use-fresh";
import { type DataColumn, DataTable, type DataTableProps } from "@/components/ui/data-table";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import { Time, useNow } from "@/components/ui/time";
import type { SessionRow } from "@/lib/sessions/list";
import type { SessionPulse } from "@/lib/sessions/pulse";
import { OutcomeStrip } from "./outcome-strip";
import { SessionStateBadge } from "./session-state-badge";

const NOUN = { one: "session", many: "sessions" };

/** How long a session has lasted; a running one counts on. */
export function SessionDuration({
  startedAt,
  endedAt,
}: {
  readonly startedAt: Date | string;
  readonly endedAt: Date | string | null;
}) {
  const now = useNow();
  const end = endedAt === null ? now : new Date(endedAt).getTime();
  return <>{formatDuration(Math.max(0, end - new Date(startedAt).getTime()))}</>;
}

const COLUMNS: readonly DataColumn<SessionRow>[] = [
  {
    id: "identity",
    header: "Identity",
    className: "max-w-48 font-medium",
    cell: (row) => <span className="truncate">{row.identityName}</span>,
  },
  {
    id: "state",
    header: "State",
    cell: (row) => <SessionStateBadge state={row.state} endReason={row.endReason} />,
  },
  { id: "connection", header: "Connection", className: "max-w-36 truncate", cell: (row) => row.connectionName },
  {
    id: "program",
    header: "Client",
    className: "max-w-44 truncate text-muted",
    cell: (row) => row.clientProgram ?? "unknown",
  },
  {
    id: "address",
    header: "Address",
    className: "whitespace-nowrap font-mono text-muted text-xs",
    cell: (row) => row.clientAddress,
    hidden: true,
  },
  { id: "tls", header: "TLS", className: "whitespace-nowrap text-muted", cell: (row) => row.tlsVersion, hidden: true },
  { id: "started", header: "Started", cell: (row) => <Time value={row.startedAt} /> },
  {
    id: "duration",
    header: "Duration",
    align: "right",
    className: "whitespace-nowrap tabular-nums",
    cell: (row) => <SessionDuration startedAt={row.startedAt} endedAt={row.endedAt} />,
  },
  { id: "outcomes", header: "Latest statements", cell: (row) => <OutcomeStrip outcomes={row.outcomes} /> },
  {
    id: "statements",
    header: "Statements",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.statementCount),
  },
  {
    id: "errors",
    header: "Errors",
    align: "right",
    className: "tabular-nums",
    cell: (row) =>
      row.errorCount === 0 ? (
        <span className="text-faint">0</span>
      ) : (
        <span className="font-medium text-danger">{formatCount(row.errorCount)}</span>
      ),
  },
  {
    id: "in",
    header: "Bytes in",
    align: "right",
    className: "whitespace-nowrap tabular-nums text-muted",
    cell: (row) => formatBytes(row.bytesIn),
    hidden: true,
  },
  {
    id: "out",
    header: "Bytes out",
    align: "right",
    className: "whitespace-nowrap tabular-nums text-muted",
    cell: (row) => formatBytes(row.bytesOut),
    hidden: true,
  },
  {
    id: "gateway",
    header: "Gateway",
    className: "max-w-40 truncate text-muted",
    cell: (row) => row.gatewayAddress,
    hidden: true,
  },
];

interface PulseAnswer {
  readonly newer: number;
  readonly sessions: readonly (Omit<SessionPulse, "endedAt"> & { readonly endedAt: string | null })[];
}

export interface SessionTableProps extends Pick<DataTableProps<SessionRow>, "next" | "previous" | "summary" | "empty"> {
  readonly rows: readonly SessionRow[];
  /** New sessions are counted from this id on; null on pages where they would not stand on top. */
  readonly newerThan: string | null;
}

/** The list of sessions. States and counts of the rows stay true while it is open; new sessions are announced, not pushed in. */
export function SessionTable({ rows, newerThan, ...table }: SessionTableProps) {
  const router = useRouter();
  const [changes, setChanges] = useState<ReadonlyMap<string, PulseAnswer["sessions"][number]>>(new Map());
  const running = rows.filter((row) => row.state === "live" || row.state === "ending").map((row) => row.id);
  const params = new URLSearchParams({ ids: running.join(","), after: newerThan ?? "" });
  const answer = useFresh<PulseAnswer>(
    running.length === 0 && newerThan === null ? null : `/api/sessions/pulse?${params}`,
    ["sessions", "statements", "gateways"],
    (pulse) => {
      setChanges(new Map(pulse.sessions.map((session) => [session.id, session])));
      // Nothing stands under the pointer in an empty list: the first rows come by themselves.
      if (pulse.newer > 0 && rows.length === 0) router.refresh();
    },
  );
  const shown = rows.map((row) => {
    const change = changes.get(row.id);
    return change === undefined
      ? row
      : { ...row, ...change, endedAt: change.endedAt === null ? null : new Date(change.endedAt) };
  });
  return (
    <DataTable
      {...table}
      label="Sessions"
      columns={COLUMNS}
      rows={shown}
      rowId={(row) => row.id}
      rowHref={(row) => `/sessions/${row.id}`}
      toolbar={
        <span className="flex flex-1 items-center gap-2 pl-1">
          <NewRowsButton count={newerThan === null ? 0 : (answer?.newer ?? 0)} noun={NOUN} />
        </span>
      }
    />
  );
}
