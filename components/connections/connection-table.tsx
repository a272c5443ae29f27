"use client";

import type { ReactNode } from "react";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import type { ConnectionListItem } from "@/lib/connections/list-connections";
import { BindingBadge } from "./binding-text";
import { Health } from "./health";
import { TlsBadge } from "./tls-badge";

const SHOWN_BINDINGS = 3;

function WhoCell({ row }: { readonly row: ConnectionListItem }) {
  const bindings = row.policies.flatMap((policy) => policy.identities);
  if (bindings.length === 0) {
    return <span className="text-warn">Nobody yet</span>;
  }
  return (
    <span className="flex max-w-80 flex-wrap gap-1">
      {bindings.slice(0, SHOWN_BINDINGS).map((binding) => (
        <BindingBadge key={JSON.stringify(binding)} binding={binding} />
      ))}
      {bindings.length > SHOWN_BINDINGS ? (
        <span className="text-faint text-xs">and {bindings.length - SHOWN_BINDINGS} more</span>
      ) : null}
    </span>
  );
}

const COLUMNS: readonly DataColumn<ConnectionListItem>[] = [
  { id: "name", header: "Name", className: "font-medium", cell: (row) => row.name },
  {
    id: "address",
    header: "Address",
    className: "max-w-72 truncate font-mono text-muted text-xs",
    cell: (row) => `${row.host}:${row.port}${row.schema === null ? "" : `/${row.schema}`}`,
  },
  { id: "tls", header: "TLS to database", cell: (row) => <TlsBadge mode={row.tls} /> },
  { id: "health", header: "Health", cell: (row) => <Health lastTest={row.lastTest} /> },
  { id: "who", header: "Who may connect", cell: (row) => <WhoCell row={row} /> },
  {
    id: "sessions",
    header: "Live sessions",
    align: "right",
    className: "tabular-nums",
    cell: (row) => row.liveSessions,
  },
  {
    id: "used",
    header: "Last use",
    cell: (row) =>
      row.lastUsedAt === null ? <span className="text-faint">never</span> : <Time value={row.lastUsedAt} />,
  },
  { id: "user", header: "Account", hidden: true, className: "text-muted", cell: (row) => row.user },
  { id: "mode", header: "Mode", hidden: true, className: "text-muted", cell: (row) => row.mode },
  {
    id: "changed",
    header: "Changed",
    hidden: true,
    cell: (row) => (
      <span className="text-muted">
        <Time value={row.updatedAt} /> by {row.updatedBy}
      </span>
    ),
  },
];

/** Every connection, in one page: there are tens of them, not thousands. */
export function ConnectionTable({
  rows,
  empty,
  toolbar,
}: {
  readonly rows: readonly ConnectionListItem[];
  readonly empty: ReactNode;
  readonly toolbar?: ReactNode;
}) {
  return (
    <DataTable
      label="Connections"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `/connections/${row.name}`}
      empty={empty}
      toolbar={toolbar}
    />
  );
}
