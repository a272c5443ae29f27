"use client";

import type { ReactNode } from "react";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { RECORDED_RESULT_LABELS } from "@/lib/connections/labels";
import type { StoredRecordings } from "@/lib/recordings/stored-recordings";

const COLUMNS: readonly DataColumn<StoredRecordings>[] = [
  { id: "name", header: "Connection", className: "max-w-48 truncate font-medium", cell: (row) => row.connection },
  {
    id: "results",
    header: "Results",
    className: "whitespace-nowrap text-muted",
    cell: (row) => (row.settings === null ? "connection is gone" : RECORDED_RESULT_LABELS[row.settings.results].label),
  },
  {
    id: "limit",
    header: "Per result",
    align: "right",
    className: "whitespace-nowrap tabular-nums text-muted",
    cell: (row) => (row.settings === null ? "–" : formatBytes(row.settings.max_result_bytes)),
  },
  {
    id: "days",
    header: "Days kept",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.retentionDays),
  },
  {
    id: "bytes",
    header: "Stored",
    align: "right",
    className: "whitespace-nowrap tabular-nums",
    cell: (row) => formatBytes(row.bytes),
  },
  { id: "chunks", header: "Chunks", align: "right", className: "tabular-nums", cell: (row) => formatCount(row.chunks) },
  {
    id: "oldest",
    header: "Oldest",
    cell: (row) => (row.oldest === null ? <span className="text-faint">–</span> : <Time value={row.oldest} />),
  },
  {
    id: "next",
    header: "Next removal",
    cell: (row) =>
      row.nextRemoval === null ? <span className="text-faint">–</span> : <Time value={row.nextRemoval} />,
  },
  {
    id: "removed",
    header: "Chunks removed",
    align: "right",
    className: "tabular-nums text-muted",
    cell: (row) => formatCount(row.removed),
  },
  {
    id: "last",
    header: "Last removal",
    cell: (row) =>
      row.lastRemoval === null ? <span className="text-faint">never</span> : <Time value={row.lastRemoval} />,
  },
];

/** What is stored of each connection's recordings. A row opens the connection's settings. */
export function StoredTable({
  rows,
  empty,
}: {
  readonly rows: readonly StoredRecordings[];
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Recordings by connection"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.connection}
      rowHref={(row) =>
        row.settings === null
          ? `/sessions?connection=${encodeURIComponent(row.connection)}`
          : `/connections/${encodeURIComponent(row.connection)}?tab=settings#recording`
      }
      empty={empty}
    />
  );
}
