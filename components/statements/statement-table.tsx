"use client";

import { useState } from "react";
import { EffectBadge } from "@/components/policies/effect-badge";
import { SqlText } from "@/components/ui/code-block";
import { type DataColumn, DataTable, type DataTableProps } from "@/components/ui/data-table";
import { formatBytes, formatCount } from "@/components/ui/format-quantity";
import { formatDuration } from "@/components/ui/format-time";
import { Time } from "@/components/ui/time";
import { STATEMENT_COMMAND_LABELS } from "@/lib/statements/labels";
import type { StatementRow } from "@/lib/statements/list";
import { OutcomeBadge } from "./outcome-badge";
import { StatementPeek } from "./statement-peek";

const TIME: DataColumn<StatementRow> = {
  id: "at",
  header: "Time",
  className: "tabular-nums whitespace-nowrap",
  cell: (row) => <Time value={row.at} mode="absolute" />,
};
const SEQUENCE: DataColumn<StatementRow> = {
  id: "sequence",
  header: "#",
  align: "right",
  className: "tabular-nums text-faint",
  cell: (row) => formatCount(row.sequence),
};
const IDENTITY: DataColumn<StatementRow> = {
  id: "identity",
  header: "Identity",
  className: "max-w-44 truncate",
  cell: (row) => row.identityName ?? row.identityId,
};
const CONNECTION: DataColumn<StatementRow> = {
  id: "connection",
  header: "Connection",
  className: "max-w-32 truncate",
  cell: (row) => row.connectionName,
};
const SHARED: readonly DataColumn<StatementRow>[] = [
  {
    id: "schema",
    header: "Schema",
    className: "max-w-32 truncate text-muted",
    cell: (row) => row.defaultSchema ?? "–",
    hidden: true,
  },
  {
    id: "command",
    header: "Command",
    className: "whitespace-nowrap text-muted",
    cell: (row) => STATEMENT_COMMAND_LABELS[row.command].label,
    hidden: true,
  },
  {
    id: "sql",
    header: "Statement",
    className: "w-full max-w-0 min-w-64 truncate font-mono text-xs",
    // Line breaks stay in the text, where a comment needs them to end; a truncated cell draws them as spaces.
    cell: (row) => <SqlText sql={row.sqlPreview} />,
  },
  { id: "decision", header: "Decision", cell: (row) => <Decision row={row} /> },
  {
    id: "rule",
    header: "Rule",
    className: "max-w-48 truncate text-muted",
    cell: (row) => row.ruleName ?? row.policyName ?? "–",
    hidden: true,
  },
  {
    id: "outcome",
    header: "Outcome",
    cell: (row) => <OutcomeBadge state={row.state} errorNumber={row.errorNumber} errorMessage={row.errorMessage} />,
  },
  {
    id: "duration",
    header: "Duration",
    align: "right",
    className: "whitespace-nowrap tabular-nums",
    cell: (row) => (row.state === "done" ? formatDuration(row.durationUs / 1000) : "–"),
  },
  {
    id: "rows",
    header: "Rows",
    align: "right",
    className: "tabular-nums",
    cell: (row) => formatCount(row.affectedRows > 0 ? row.affectedRows : row.rowCount),
  },
  {
    id: "masked",
    header: "Masked rows",
    align: "right",
    className: "tabular-nums text-muted",
    cell: (row) => (row.maskedRows === 0 ? "–" : formatCount(row.maskedRows)),
    hidden: true,
  },
  {
    id: "bytes",
    header: "Result",
    align: "right",
    className: "whitespace-nowrap tabular-nums text-muted",
    cell: (row) => formatBytes(row.resultBytes),
    hidden: true,
  },
];

function Decision({ row }: { readonly row: StatementRow }) {
  if (row.effect === null) return <span className="text-faint">–</span>;
  return (
    <span title={row.decisionReason ?? undefined}>
      <EffectBadge effect={row.effect} />
    </span>
  );
}

const COLUMNS = {
  /** Everywhere: who and where stand in every row. */
  all: [TIME, IDENTITY, CONNECTION, ...SHARED],
  /** Within one session: who and where stand above. */
  session: [TIME, SEQUENCE, ...SHARED],
} as const;

export interface StatementTableProps
  extends Pick<
    DataTableProps<StatementRow>,
    "next" | "previous" | "pageLabels" | "summary" | "empty" | "label" | "toolbar"
  > {
  readonly rows: readonly StatementRow[];
  readonly view?: keyof typeof COLUMNS;
}

/** A list of statements; enter opens one, space looks into it beside the list. */
export function StatementTable({ rows, view = "all", ...table }: StatementTableProps) {
  const [peeked, setPeeked] = useState<StatementRow | null>(null);
  return (
    <>
      <DataTable
        {...table}
        columns={COLUMNS[view]}
        rows={rows}
        rowId={(row) => row.id}
        rowHref={(row) => `/statements/${row.id}`}
        onPeek={setPeeked}
      />
      <StatementPeek row={peeked} onClose={() => setPeeked(null)} />
    </>
  );
}
