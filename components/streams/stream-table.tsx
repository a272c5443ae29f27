"use client";

import type { ReactNode } from "react";
import { NewRows } from "@/components/shell/new-rows";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import type { ListedStream } from "@/lib/streams/list-streams";
import { StreamStateBadge } from "./stream-state";

const COLUMNS: readonly DataColumn<ListedStream>[] = [
  { id: "name", header: "Name", className: "max-w-48 truncate font-medium", cell: (row) => row.name },
  { id: "state", header: "State", cell: (row) => <StreamStateBadge state={row.state} /> },
  {
    id: "to",
    header: "Goes to",
    className: "max-w-60 truncate font-mono text-muted text-xs",
    cell: (row) => (row.url === null ? "AUDIT_STREAM_FILE" : new URL(row.url).host),
  },
  {
    id: "what",
    header: "Holds",
    className: "whitespace-nowrap text-muted",
    cell: (row) => (row.statements ? "Audit events and statements" : "Audit events"),
  },
  {
    id: "behind",
    header: "Batches behind",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.behind),
  },
  {
    id: "sent",
    header: "Events sent",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.sentEvents),
  },
  {
    id: "last",
    header: "Last sent",
    cell: (row) =>
      row.lastSentAt === null ? <span className="text-faint">never</span> : <Time value={row.lastSentAt} />,
  },
  {
    id: "failing",
    header: "Failing since",
    cell: (row) =>
      row.failingSince === null ? (
        <span className="text-faint">–</span>
      ) : (
        <span className="font-medium text-danger">
          <Time value={row.failingSince} />
        </span>
      ),
  },
  { id: "error", header: "Last error", className: "max-w-80 truncate text-muted", cell: (row) => row.lastError ?? "" },
];

/** All event streams, and how they fare. */
export function StreamTable({ rows, empty }: { readonly rows: readonly ListedStream[]; readonly empty: ReactNode }) {
  return (
    <DataTable
      label="Event streams"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `/settings/streams/${row.id}`}
      empty={empty}
      toolbar={<NewRows topics={["audit", "statements"]} />}
    />
  );
}
