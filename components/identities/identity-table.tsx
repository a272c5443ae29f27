"use client";

import { Bot, UserRound } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { LiveRefresh } from "@/components/shell/live";
import { Badge } from "@/components/ui/badge";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import type { IdentityView } from "@/lib/identities/list";
import { StatusBadge } from "./status-badge";

const SHOWN = 2;

/** A few of a list, and how many more there are. */
function Few({ items }: { readonly items: readonly string[] }) {
  return (
    <span className="flex items-center gap-1" title={items.join(", ")}>
      {items.slice(0, SHOWN).map((item) => (
        <Badge key={item}>{item}</Badge>
      ))}
      {items.length > SHOWN ? <span className="text-faint text-xs">+{items.length - SHOWN}</span> : null}
    </span>
  );
}

const COLUMNS: readonly DataColumn<IdentityView>[] = [
  {
    id: "name",
    header: "Name",
    cell: (row) => (
      <span className="flex items-center gap-2 font-medium">
        {row.kind === "machine" ? (
          <Bot aria-label="Machine client" className="size-4 shrink-0 text-faint" />
        ) : (
          <UserRound aria-label="Person" className="size-4 shrink-0 text-faint" />
        )}
        {row.displayName}
      </span>
    ),
  },
  { id: "status", header: "Status", cell: (row) => <StatusBadge status={row.status} /> },
  {
    id: "email",
    header: "E-mail or client id",
    cell: (row) => row.email ?? row.clientId,
    className: "max-w-56 truncate text-muted",
  },
  { id: "roles", header: "Roles", cell: (row) => <Few items={row.roles} /> },
  {
    id: "connections",
    header: "Connections",
    cell: (row) => <Few items={[...new Set(row.connections.map((one) => one.name))]} />,
  },
  { id: "groups", header: "Groups", cell: (row) => <Few items={row.groups} /> },
  {
    id: "live",
    header: "Live sessions",
    align: "right",
    cell: (row) =>
      row.liveSessions === 0 ? (
        <span className="text-faint">0</span>
      ) : (
        <Link
          href={`/sessions?state=live&identity=${row.id}`}
          className="inline-flex min-h-6 min-w-6 items-center justify-end text-accent-text underline underline-offset-4"
        >
          {row.liveSessions}
        </Link>
      ),
  },
  { id: "seen", header: "Last seen", cell: (row) => <Time value={row.lastSeenAt} /> },
  { id: "first", header: "First seen", cell: (row) => <Time value={row.firstSeenAt} />, hidden: true },
];

/** Identities, last seen first. */
export function IdentityTable({
  rows,
  summary,
  empty,
}: {
  readonly rows: readonly IdentityView[];
  readonly summary?: string;
  readonly empty: ReactNode;
}) {
  return (
    <>
      <LiveRefresh topics={["identities", "sessions"]} />
      <DataTable
        label="Identities"
        columns={COLUMNS}
        rows={rows}
        rowId={(row) => row.id}
        rowHref={(row) => `/identities/${row.id}`}
        {...(summary ? { summary } : {})}
        empty={empty}
      />
    </>
  );
}
