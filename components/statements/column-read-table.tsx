"use client";

import { Eye } from "lucide-react";
import Link from "next/link";
import { MethodBadge } from "@/components/masks/method-badge";
import { Badge } from "@/components/ui/badge";
import { type DataColumn, DataTable, type DataTableProps } from "@/components/ui/data-table";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import { MASK_METHODS } from "@/lib/masking/mask";
import type { ColumnRead } from "@/lib/statements/who-saw";

const LINK = "inline-flex min-h-6 items-center text-accent-text underline-offset-4 hover:underline";

const COLUMNS: readonly DataColumn<ColumnRead>[] = [
  {
    id: "identity",
    header: "Identity",
    className: "max-w-52 truncate",
    cell: (row) => row.identityName ?? row.identityId,
  },
  { id: "how", header: "Seen", cell: (row) => <How how={row.how} /> },
  { id: "column", header: "Column", className: "break-all font-mono text-xs", cell: (row) => row.column },
  { id: "connection", header: "Connection", className: "max-w-32 truncate", cell: (row) => row.connectionName },
  {
    id: "rows",
    header: "Rows",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.rows),
  },
  {
    id: "statements",
    header: "Statements",
    align: "right",
    className: "tabular-nums",
    cell: (row) => (
      <Link className={LINK} href={searchHref(row)} title="Statements of this identity that touch the column">
        {formatCount(row.statements)}
      </Link>
    ),
  },
  {
    id: "first",
    header: "First",
    className: "whitespace-nowrap",
    cell: (row) => <Time value={row.firstAt} mode="absolute" />,
  },
  {
    id: "last",
    header: "Last",
    className: "whitespace-nowrap",
    cell: (row) => (
      <Link className={LINK} href={`/statements/${row.lastStatementId}`} title="The last statement">
        <Time value={row.lastAt} mode="absolute" />
      </Link>
    ),
  },
];

function How({ how }: { readonly how: string }) {
  const method = MASK_METHODS.find((one) => one === how);
  return method === undefined ? (
    <Badge tone="warn" title="The values as they are in the database">
      <Eye aria-hidden />
      {how === "clear" ? "in clear" : how}
    </Badge>
  ) : (
    <MethodBadge method={method} />
  );
}

function searchHref({ connectionName, column, identityId }: ColumnRead): string {
  return `/statements?${new URLSearchParams({ connection: connectionName, column, identity: identityId })}`;
}

/** Who got values of columns, and how. A row leads to its statements. */
export function ColumnReadTable({ rows, ...table }: Pick<DataTableProps<ColumnRead>, "rows" | "empty" | "summary">) {
  return (
    <DataTable
      {...table}
      label="Who saw the column"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => `${row.connectionName} ${row.column} ${row.identityId} ${row.how}`}
      rowHref={searchHref}
    />
  );
}
