"use client";

import type { ReactNode } from "react";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import type { RevisionView } from "@/lib/policy/revisions/read-revisions";

const COLUMNS: readonly DataColumn<RevisionView>[] = [
  { id: "number", header: "Revision", className: "tabular-nums font-medium", cell: (row) => row.number },
  { id: "summary", header: "What", className: "w-full min-w-56 break-words", cell: (row) => row.summary },
  { id: "author", header: "Who", className: "whitespace-nowrap", cell: (row) => row.authorName },
  { id: "at", header: "When", cell: (row) => <Time value={row.createdAt} /> },
];

/** Published revisions, newest first. */
export function RevisionTable({
  rows,
  next,
  previous,
  empty,
}: {
  readonly rows: readonly RevisionView[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Revisions"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => String(row.number)}
      rowHref={(row) => `/policies/history/${row.number}`}
      next={next}
      previous={previous}
      empty={empty}
    />
  );
}
