"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { AnalysisStateBadge } from "@/components/analyses/analysis-state-badge";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import type { AnalysisState } from "@/lib/db/schema/analyses";

export interface EarlierProposal {
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly state: AnalysisState;
  readonly error: string | null;
  readonly since: string;
  readonly until: string;
  /** How many were chosen; 0: everybody who was there. */
  readonly identities: number;
  readonly together: boolean;
  /** Policies that were published from it. */
  readonly became: readonly { readonly id: string; readonly name: string }[];
}

function Became({ row }: { readonly row: EarlierProposal }) {
  if (row.state === "failed") return <span className="text-danger text-xs">{row.error}</span>;
  if (row.state !== "done") return <span className="text-faint">–</span>;
  if (row.became.length === 0) return <span className="text-faint">Nothing published from it</span>;
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-1">
      {row.became.map((one) => (
        <Link
          key={one.id}
          href={`/policies/${one.id}`}
          className="inline-flex min-h-6 items-center text-accent-text underline underline-offset-4"
        >
          {one.name}
        </Link>
      ))}
    </span>
  );
}

const COLUMNS: readonly DataColumn<EarlierProposal>[] = [
  { id: "when", header: "Learned", cell: (row) => <Time value={row.createdAt} /> },
  { id: "state", header: "State", cell: (row) => <AnalysisStateBadge state={row.state} /> },
  { id: "became", header: "What became of it", className: "min-w-48", cell: (row) => <Became row={row} /> },
  { id: "who", header: "By", cell: (row) => row.createdBy },
  {
    id: "period",
    header: "From the record of",
    className: "whitespace-nowrap text-muted text-xs",
    cell: (row) => (
      <>
        <Time value={row.since} mode="absolute" /> to <Time value={row.until} mode="absolute" />
      </>
    ),
  },
  {
    id: "identities",
    header: "Identities",
    className: "text-muted",
    cell: (row) => `${row.identities === 0 ? "all" : row.identities}${row.together ? ", one policy" : ""}`,
  },
];

/** The newest proposals of a connection. */
export function EarlierTable({
  rows,
  empty,
}: {
  readonly rows: readonly EarlierProposal[];
  readonly empty: ReactNode;
}) {
  return (
    <DataTable
      label="Earlier proposals"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `/policies/learn/${row.id}`}
      empty={empty}
    />
  );
}
