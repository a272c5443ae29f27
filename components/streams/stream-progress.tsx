"use client";

import { LiveRefresh } from "@/components/shell/live";
import { Facts } from "@/components/ui/card";
import { CopyId } from "@/components/ui/copy-button";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/empty-state";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import type { ListedStream, StreamPosition } from "@/lib/streams/list-streams";

const COLUMNS: readonly DataColumn<StreamPosition>[] = [
  { id: "writer", header: "Written by", className: "max-w-64 truncate", cell: (row) => row.name },
  { id: "chain", header: "Chain", className: "whitespace-nowrap", cell: (row) => <CopyId value={row.chainId} /> },
  {
    id: "taken",
    header: "Batches taken",
    align: "right",
    className: "whitespace-nowrap tabular-nums",
    cell: (row) => `${formatCount(row.taken)} of ${formatCount(row.head)}`,
  },
  {
    id: "behind",
    header: "Behind",
    align: "right",
    className: "tabular-nums",
    cell: (row) => {
      const behind = Math.max(0, row.head - row.taken);
      return behind === 0 ? <span className="text-faint">0</span> : formatCount(behind);
    },
  },
  { id: "open", header: "Writes", className: "text-muted", cell: (row) => (row.open ? "still" : "no more") },
  { id: "seen", header: "Last batch", cell: (row) => <Time value={row.seenAt} /> },
];

/** Where a stream stands: what it sent, what it waits for, and how far it is in each chain. */
export function StreamProgress({
  stream,
  positions,
}: {
  readonly stream: ListedStream;
  readonly positions: readonly StreamPosition[];
}) {
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <LiveRefresh topics={["audit"]} />
      <div className="rounded-lg border bg-surface p-4">
        <Facts
          items={[
            { key: "sent", name: "Events sent", value: formatCount(stream.sentEvents) },
            {
              key: "last",
              name: "Last sent",
              value: stream.lastSentAt === null ? "never" : <Time value={stream.lastSentAt} mode="both" />,
            },
            { key: "behind", name: "Batches behind", value: formatCount(stream.behind) },
            ...(stream.failingSince === null
              ? []
              : [
                  { key: "since", name: "Failing since", value: <Time value={stream.failingSince} mode="both" /> },
                  { key: "failures", name: "Attempts that failed", value: formatCount(stream.failures) },
                  { key: "next", name: "Next attempt", value: <Time value={stream.nextAttemptAt} mode="both" /> },
                ]),
            ...(stream.lastError === null
              ? []
              : [{ key: "error", name: "Last error", value: <span className="text-danger">{stream.lastError}</span> }]),
          ]}
        />
      </div>
      <DataTable
        label="Chains"
        columns={COLUMNS}
        rows={positions}
        rowId={(row) => row.chainId}
        empty={
          <EmptyState kind="first-use" title="Nothing is recorded yet">
            Consoles and gateways write one chain of batches each; how far the stream is in them stands here.
          </EmptyState>
        }
      />
    </div>
  );
}
