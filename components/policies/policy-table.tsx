"use client";

import type { ReactNode } from "react";
import { BindingBadge } from "@/components/connections/binding-text";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { formatCount } from "@/components/ui/format-quantity";
import { Time } from "@/components/ui/time";
import type { PolicyRow } from "@/lib/policy/list-policy-rows";
import { EFFECTS } from "@/lib/policy/rule";
import { EffectBadge } from "./effect-badge";

const SHOWN_BINDINGS = 3;
/** As lib/policy/list-policy-rows counts. */
const MAX_HITS = 10_000;

function Who({ row }: { readonly row: PolicyRow }) {
  const { identities } = row;
  if (identities.length === 0) return <span className="text-warn">Nobody</span>;
  return (
    <span className="flex max-w-80 flex-wrap gap-1">
      {identities.slice(0, SHOWN_BINDINGS).map((one) => (
        <BindingBadge key={JSON.stringify(one)} binding={one} />
      ))}
      {identities.length > SHOWN_BINDINGS ? (
        <span className="text-faint text-xs">and {identities.length - SHOWN_BINDINGS} more</span>
      ) : null}
    </span>
  );
}

function Rules({ rules }: { readonly rules: PolicyRow["rules"] }) {
  const used = EFFECTS.filter((effect) => rules[effect] > 0);
  if (used.length === 0) return <span className="text-warn">No rule</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {used.map((effect) => (
        <EffectBadge key={effect} effect={effect} count={rules[effect]} />
      ))}
    </span>
  );
}

const COLUMNS: readonly DataColumn<PolicyRow>[] = [
  { id: "name", header: "Name", className: "font-medium", cell: (row) => row.name },
  { id: "connection", header: "Connection", cell: (row) => row.connection.name },
  { id: "who", header: "Binds", cell: (row) => <Who row={row} /> },
  { id: "rules", header: "Rules", cell: (row) => <Rules rules={row.rules} /> },
  { id: "default", header: "Otherwise", cell: (row) => <EffectBadge effect={row.default} /> },
  {
    id: "hits",
    header: "Decided in 24 h",
    align: "right",
    className: "tabular-nums",
    cell: (row) => (row.hits >= MAX_HITS ? `${formatCount(MAX_HITS)}+` : formatCount(row.hits)),
  },
  {
    id: "last",
    header: "Last",
    cell: (row) =>
      row.lastHitAt === null ? <span className="text-faint">never</span> : <Time value={row.lastHitAt} />,
  },
  {
    id: "changed",
    header: "Changed",
    cell: (row) => (
      <span className="text-muted">
        <Time value={row.updatedAt} /> by {row.updatedBy}
      </span>
    ),
  },
  {
    id: "metadata",
    header: "Metadata",
    hidden: true,
    cell: (row) => <span className="text-muted">{row.metadata}</span>,
  },
];

/** Every policy that fits, in one page: there are tens of them, not thousands. */
export function PolicyTable({ rows, empty }: { readonly rows: readonly PolicyRow[]; readonly empty: ReactNode }) {
  return (
    <DataTable
      label="Policies"
      columns={COLUMNS}
      rows={rows}
      rowId={(row) => row.id}
      rowHref={(row) => `/policies/${row.id}`}
      empty={empty}
    />
  );
}
