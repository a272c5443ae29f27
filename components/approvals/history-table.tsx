"use client";

import { NewRows } from "@/components/shell/new-rows";
import { SqlText } from "@/components/ui/code-block";
import { type DataColumn, DataTable, type DataTableProps } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import type { ApprovalListRow } from "@/lib/approvals/list-approvals";
import { GRANT_SCOPE_LABELS } from "@/lib/approvals/states";
import { ApprovalStateBadge } from "./approval-state-badge";

const COLUMNS: readonly DataColumn<ApprovalListRow>[] = [
  {
    id: "sql",
    header: "Statement",
    className: "max-w-96",
    cell: (row) => (
      <span className="truncate font-mono text-xs">
        <SqlText sql={row.sqlPreview.replaceAll(/\s+/g, " ")} />
      </span>
    ),
  },
  { id: "state", header: "State", cell: (row) => <ApprovalStateBadge state={row.state} /> },
  {
    id: "identity",
    header: "Identity",
    className: "max-w-44 truncate",
    cell: (row) => row.identityName ?? row.identityId,
  },
  { id: "connection", header: "Connection", className: "max-w-36 truncate", cell: (row) => row.connectionName },
  { id: "asked", header: "Asked", cell: (row) => <Time value={row.requestedAt} /> },
  {
    id: "by",
    header: "Decided by",
    className: "max-w-44 truncate",
    cell: (row) => row.decidedByName ?? <span className="text-faint">nobody yet</span>,
  },
  {
    id: "decided",
    header: "Decided",
    cell: (row) => (row.decidedAt === null ? <span className="text-faint">–</span> : <Time value={row.decidedAt} />),
  },
  {
    id: "note",
    header: "Note",
    className: "max-w-72 truncate text-muted",
    cell: (row) => row.decisionNote ?? "",
  },
  {
    id: "grant",
    header: "Grant",
    className: "whitespace-nowrap text-muted",
    cell: (row) => (row.grantScope === null ? "" : `${GRANT_SCOPE_LABELS[row.grantScope]}, used ${row.grantUses}×`),
    hidden: true,
  },
  {
    id: "rule",
    header: "Rule",
    className: "max-w-44 truncate text-muted",
    cell: (row) => row.ruleName ?? "default",
    hidden: true,
  },
  {
    id: "program",
    header: "Client",
    className: "max-w-44 truncate text-muted",
    cell: (row) => row.clientProgram ?? "unknown",
    hidden: true,
  },
];

/** Requests of any state, newest first. */
export function HistoryTable(
  props: Pick<DataTableProps<ApprovalListRow>, "rows" | "next" | "previous" | "summary" | "empty">,
) {
  return (
    <DataTable
      {...props}
      label="Approvals"
      columns={COLUMNS}
      rowId={(row) => row.id}
      rowHref={(row) => `/approvals/${row.id}`}
      toolbar={<NewRows topics={["approvals"]} />}
    />
  );
}
