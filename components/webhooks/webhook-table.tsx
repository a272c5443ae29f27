"use client";

import type { ReactNode } from "react";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { WEBHOOK_EVENT_LABELS, WEBHOOK_FORMAT_LABELS } from "@/lib/notifications/events";
import type { ListedWebhook } from "@/lib/notifications/list-webhooks";
import { WebhookStateBadge } from "./webhook-state";

const COLUMNS: readonly DataColumn<ListedWebhook>[] = [
  { id: "name", header: "Name", className: "max-w-48 truncate font-medium", cell: (row) => row.name },
  { id: "state", header: "State", cell: (row) => <WebhookStateBadge enabled={row.enabled} /> },
  {
    id: "host",
    header: "Host",
    className: "max-w-60 truncate font-mono text-muted text-xs",
    cell: (row) => new URL(row.url).host,
  },
  {
    id: "events",
    header: "Told of",
    className: "max-w-72 truncate text-muted",
    cell: (row) => row.events.map((event) => WEBHOOK_EVENT_LABELS[event]).join(", "),
  },
  {
    id: "format",
    header: "Format",
    className: "whitespace-nowrap text-muted",
    cell: (row) => WEBHOOK_FORMAT_LABELS[row.format],
  },
  {
    id: "delivered",
    header: "Delivered",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.deliveries.delivered),
  },
  {
    id: "waiting",
    header: "Waiting",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.deliveries.pending),
  },
  {
    id: "dead",
    header: "Given up",
    align: "right",
    className: "tabular-nums",
    cell: (row) =>
      row.deliveries.dead === 0 ? (
        <span className="text-faint">0</span>
      ) : (
        <span className="font-medium text-danger">{formatCount(row.deliveries.dead)}</span>
      ),
  },
  {
    id: "last",
    header: "Last delivered",
    cell: (row) =>
      row.lastDeliveredAt === null ? <span className="text-faint">never</span> : <Time value={row.lastDeliveredAt} />,
  },
];

/** All webhooks, and how their messages fare. */
export function WebhookTable({ rows, empty }: { readonly rows: readonly ListedWebhook[]; readonly empty: ReactNode }) {
  return (
    <DataTable
      label="Webhooks"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `/settings/webhooks/${row.id}`}
      empty={empty}
    />
  );
}
