"use client";

import { parseAsString, useQueryState } from "nuqs";
import type { ReactNode } from "react";
import { NewRows } from "@/components/shell/new-rows";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { Time } from "@/components/ui/time";
import { auditActionLabel } from "@/lib/audit/labels";
import type { AuditEvent } from "@/lib/audit/list";
import { AuditSheet } from "./audit-sheet";
import { ResultBadge } from "./result-badge";

const COLUMNS: readonly DataColumn<AuditEvent>[] = [
  { id: "at", header: "Time", cell: (event) => <Time value={event.at} /> },
  { id: "action", header: "Action", cell: (event) => auditActionLabel(event.action), className: "whitespace-nowrap" },
  { id: "result", header: "Result", cell: (event) => <ResultBadge result={event.result} /> },
  { id: "actor", header: "Actor", cell: (event) => event.actorName, className: "max-w-48 truncate" },
  {
    id: "object",
    header: "Object",
    cell: (event) =>
      event.objectKind === null ? null : (
        <>
          <span className="text-faint">{event.objectKind}</span> {event.objectName}
        </>
      ),
    className: "max-w-56 truncate",
  },
  {
    id: "connection",
    header: "Connection",
    cell: (event) => event.connectionName,
    className: "whitespace-nowrap",
  },
  {
    id: "message",
    header: "Message",
    cell: (event) => (
      <span title={event.message ?? undefined} className={event.result === "ok" ? "text-muted" : "text-fg"}>
        {event.message}
      </span>
    ),
    className: "max-w-96 truncate",
  },
  { id: "code", header: "Code", cell: (event) => event.code, hidden: true },
  { id: "address", header: "Address", cell: (event) => event.address, hidden: true },
];

/** The audit trail; a row opens beside the list, and stands in the address as `event`. */
export function AuditTable({
  rows,
  linked,
  next,
  previous,
  summary,
  empty,
}: {
  readonly rows: readonly AuditEvent[];
  /** The event that the page's address named when it was opened, where there is one. */
  readonly linked: AuditEvent | null;
  readonly next: string | null;
  readonly previous: string | null;
  readonly summary: string | null;
  readonly empty: ReactNode;
}) {
  const [open, setOpen] = useQueryState("event", parseAsString.withOptions({ history: "replace" }));
  return (
    <>
      <DataTable
        label="Audit events"
        columns={COLUMNS}
        rows={rows}
        rowId={(event) => event.id}
        onPeek={(event) => void setOpen(event.id)}
        next={next}
        previous={previous}
        {...(summary === null ? {} : { summary })}
        empty={empty}
        toolbar={<NewRows topics={["audit"]} />}
      />
      <AuditSheet
        event={rows.find((event) => event.id === open) ?? (linked?.id === open ? linked : null)}
        onClose={() => void setOpen(null)}
      />
    </>
  );
}
