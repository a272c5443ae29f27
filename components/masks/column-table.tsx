"use client";

import { KeyRound, Sparkles } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { Badge } from "@/components/ui/badge";
import { buttonStyles } from "@/components/ui/button";
import { type DataColumn, DataTable } from "@/components/ui/data-table";
import { EmptyState } from "@/components/ui/empty-state";
import { findingKindLabel } from "@/lib/findings/labels";
import { DERIVED_LABELS, PREDICATE_LABELS } from "@/lib/masking/labels";
import type { ColumnRow } from "@/lib/masks/column-rows";
import { masksHref } from "./mask-address";
import { MethodBadge } from "./method-badge";

const NONE = <span className="text-faint">–</span>;
const placeOf = (row: ColumnRow) => `${row.schema}.${row.table}.${row.column}`;

const NAME: DataColumn<ColumnRow> = {
  id: "column",
  header: "Column",
  className: "max-w-80",
  cell: (row) => (
    <span className="inline-flex min-w-0 max-w-full flex-col">
      <span className="inline-flex min-w-0 items-center gap-1.5 font-mono text-xs">
        <span className="min-w-0 truncate font-medium">{row.column}</span>
        {row.primaryKey ? <KeyRound role="img" aria-label="primary key" className="size-3 shrink-0 text-warn" /> : null}
      </span>
      <span className="truncate text-faint text-xs">
        {row.schema}.{row.table}
        {row.view ? ", view" : ""}
      </span>
    </span>
  ),
};
const TYPE: DataColumn<ColumnRow> = {
  id: "type",
  header: "Type",
  className: "max-w-40 truncate font-mono text-muted text-xs",
  cell: (row) => <span title={row.columnType}>{row.columnType}</span>,
};
const TAG: DataColumn<ColumnRow> = { id: "tag", header: "Tag", cell: (row) => <Tag row={row} /> };
const MASK: DataColumn<ColumnRow> = {
  id: "mask",
  header: "Mask",
  cell: ({ mask, ownMask }) =>
    mask === null ? (
      NONE
    ) : (
      <span className="inline-flex flex-col items-start">
        <MethodBadge method={mask.method} options={mask.options} />
        {ownMask ? null : <span className="whitespace-nowrap text-faint text-xs">from {mask.column}</span>}
      </span>
    ),
};
const MORE: readonly DataColumn<ColumnRow>[] = [
  {
    id: "exempt",
    header: "Exempt",
    cell: ({ mask }) =>
      mask === null || mask.exempt.length === 0 ? (
        NONE
      ) : (
        <span className="flex max-w-56 flex-wrap gap-1">
          {mask.exempt.map((group) => (
            <Badge key={group} tone="warn" className="font-mono">
              {group}
            </Badge>
          ))}
        </span>
      ),
  },
  {
    id: "predicates",
    header: "In conditions",
    className: "whitespace-nowrap text-muted text-xs",
    cell: ({ mask }) => (mask === null ? NONE : PREDICATE_LABELS[mask.predicates].label),
  },
  {
    id: "derived",
    header: "Computed",
    className: "whitespace-nowrap text-muted text-xs",
    cell: ({ mask }) => (mask === null ? NONE : DERIVED_LABELS[mask.derived].label),
  },
  {
    id: "class",
    header: "Join class",
    className: "max-w-32 truncate font-mono text-xs",
    cell: ({ mask }) => mask?.join_class ?? NONE,
  },
];

function Tag({ row: { tag } }: { readonly row: ColumnRow }) {
  if (tag === null || tag.status === "dismissed") return NONE;
  const label = findingKindLabel(tag.kind);
  return tag.status === "open" ? (
    <Badge tone="info" title={`Suspected with ${tag.confidence} % confidence, not reviewed yet`}>
      <Sparkles aria-hidden />
      {label}?
    </Badge>
  ) : (
    <Badge>{label}</Badge>
  );
}

/** The columns that fit, each with the mask that counts for it. */
export function ColumnTable({
  connection,
  rows,
  next,
  previous,
  filtered,
  tags,
  onOpen,
  selected,
  onSelect,
}: {
  readonly connection: string;
  readonly rows: readonly ColumnRow[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly filtered: boolean;
  readonly tags: boolean;
  readonly onOpen: (row: ColumnRow) => void;
  /** Left out where a person may only look. */
  readonly selected?: ReadonlySet<string>;
  readonly onSelect?: (selected: ReadonlySet<string>) => void;
}) {
  const columns = useMemo(() => [NAME, TYPE, ...(tags ? [TAG] : []), MASK, ...MORE], [tags]);
  const selectable = useMemo(() => new Set(rows.flatMap((row) => (row.name === null ? [] : [row.name]))), [rows]);
  return (
    <DataTable
      label="Columns"
      columns={columns}
      rows={rows}
      rowId={(row) => row.name ?? placeOf(row)}
      onPeek={onOpen}
      next={next}
      previous={previous}
      pageLabels={{ previous: "Back", next: "More" }}
      {...(selected === undefined || onSelect === undefined
        ? {}
        : {
            selection: {
              selected,
              onChange: onSelect,
              labelOf: (id: string) => (selectable.has(id) ? `Select ${id}` : null),
            },
          })}
      empty={
        filtered ? (
          <EmptyState
            kind="no-result"
            title="No column fits these filters"
            action={
              <Link href={masksHref(connection)} className={buttonStyles({})}>
                Clear filters
              </Link>
            }
          />
        ) : (
          <EmptyState kind="first-use" title="The schema has no column">
            The account of the connection sees no table.
          </EmptyState>
        )
      }
    />
  );
}
