"use client";

import { Check, Pencil, RotateCcw, X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { useShortcut } from "@/components/ui/shortcuts";
import { Time } from "@/components/ui/time";
import { Tooltip } from "@/components/ui/tooltip";
import { findingKindLabel } from "@/lib/findings/labels";
import type { FindingView } from "@/lib/findings/list";
import { MethodBadge } from "../method-badge";
import type { Decisions } from "./use-decisions";

export interface FindingTableProps {
  readonly rows: readonly FindingView[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly show: "unreviewed" | "accepted" | "dismissed";
  /** Null for people who may only look. */
  readonly decisions: Decisions | null;
  readonly onEdit: (row: FindingView) => void;
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
  readonly empty: ReactNode;
}

const SHARED: readonly DataColumn<FindingView>[] = [
  {
    id: "column",
    header: "Column",
    className: "max-w-72",
    cell: (row) => (
      <span className="inline-flex min-w-0 max-w-full flex-col" data-finding={row.id}>
        <span className="truncate font-medium font-mono text-xs">{row.column}</span>
        <span className="truncate text-faint text-xs">
          {row.schema}.{row.table} on {row.connectionName}
        </span>
      </span>
    ),
  },
  { id: "kind", header: "Kind", cell: (row) => <Badge tone="info">{findingKindLabel(row.kind)}</Badge> },
  {
    id: "confidence",
    header: "Confidence",
    align: "right",
    className: "tabular-nums",
    cell: (row) => `${row.confidence} %`,
  },
  {
    id: "reason",
    header: "Why",
    className: "w-full min-w-56 max-w-96 break-words text-muted text-xs",
    cell: (row) => row.reason,
  },
  {
    id: "mask",
    header: "Suggested mask",
    cell: (row) => <MethodBadge method={row.method} options={row.options} />,
  },
];
const DECIDED: DataColumn<FindingView> = {
  id: "decided",
  header: "Decided",
  className: "text-muted text-xs",
  cell: (row) =>
    row.decidedAt === null ? (
      "–"
    ) : (
      <>
        <Time value={row.decidedAt} /> by {row.decidedBy ?? "the gateway"}
      </>
    ),
};
const FOUND: DataColumn<FindingView> = {
  id: "found",
  header: "Found",
  hidden: true,
  className: "text-muted text-xs",
  cell: (row) => <Time value={row.foundAt} />,
};

/** Suggestions with their reasons; `a` accepts and `d` dismisses what is chosen, or the row that has the focus. */
export function FindingTable({ rows, show, decisions, onEdit, selected, onSelect, ...table }: FindingTableProps) {
  const open = show === "unreviewed";
  const meant = (): readonly FindingView[] => {
    if (selected !== undefined && selected.size > 0) return rows.filter((row) => selected.has(row.id));
    const focused = document.activeElement?.closest("tr")?.querySelector("[data-finding]");
    const id = focused instanceof HTMLElement ? focused.dataset.finding : undefined;
    return rows.filter((row) => row.id === id);
  };
  useShortcut("findings.accept", () => void decisions?.accept(meant()), open && decisions !== null);
  useShortcut("findings.dismiss", () => void decisions?.dismiss(meant()), open && decisions !== null);
  const columns = useMemo(
    () => [
      ...SHARED,
      ...(open ? [] : [DECIDED]),
      FOUND,
      ...(decisions === null
        ? []
        : [
            {
              id: "actions",
              header: "Decide",
              cell: (row: FindingView) => <Actions row={row} open={open} decisions={decisions} onEdit={onEdit} />,
            },
          ]),
    ],
    [open, decisions, onEdit],
  );
  return (
    <div className="min-w-0">
      <DataTable
        {...table}
        label="Suggestions"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        {...(open && decisions !== null ? { onPeek: onEdit } : {})}
        {...(selected === undefined || onSelect === undefined
          ? {}
          : {
              selection: {
                selected,
                onChange: onSelect,
                labelOf: (id: string) => {
                  const row = rows.find((one) => one.id === id);
                  return row === undefined ? null : `Select ${row.schema}.${row.table}.${row.column}`;
                },
              },
            })}
      />
    </div>
  );
}

function Actions({
  row,
  open,
  decisions,
  onEdit,
}: {
  readonly row: FindingView;
  readonly open: boolean;
  readonly decisions: Decisions;
  readonly onEdit: (row: FindingView) => void;
}) {
  const name = `${row.schema}.${row.table}.${row.column}`;
  if (!open) {
    return (
      <Button
        size="sm"
        aria-label={`Review ${name} again`}
        disabled={decisions.pending}
        onClick={() => void decisions.reopen([row])}
      >
        <RotateCcw aria-hidden />
        Review again
      </Button>
    );
  }
  return (
    <span className="flex items-center gap-1">
      <Tooltip content="Mask as suggested" keys="a">
        <Button
          size="sm"
          aria-label={`Accept ${name}`}
          disabled={decisions.pending}
          onClick={() => void decisions.accept([row])}
        >
          <Check aria-hidden />
          Accept
        </Button>
      </Tooltip>
      <Tooltip content="Edit the mask, then accept">
        <Button variant="ghost" size="icon-sm" aria-label={`Edit and accept ${name}`} onClick={() => onEdit(row)}>
          <Pencil aria-hidden />
        </Button>
      </Tooltip>
      <Tooltip content="Needs no mask" keys="d">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Dismiss ${name}`}
          disabled={decisions.pending}
          onClick={() => void decisions.dismiss([row])}
        >
          <X aria-hidden />
        </Button>
      </Tooltip>
    </span>
  );
}
