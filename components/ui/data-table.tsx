"use client";

import {
  type ColumnDef,
  columnVisibilityFeature,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { type MouseEvent, type ReactNode, useMemo, useRef } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CursorPagination } from "./cursor-pagination";
import { Menu, MenuCheckItem, MenuGroup } from "./menu";
import { type RowSelection, SelectAllHead, SelectCell, useRowSelection } from "./row-selection";
import { useShortcut } from "./shortcuts";
import { Table, TableCell, TableHead, TableRow } from "./table";

const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature });
const URL_OPTIONS = { shallow: false, history: "replace" } as const;
const ROW_LINK = "[data-row-link]";

export interface DataColumn<Row extends RowData> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: "left" | "right";
  /** Sorts through the address (`sort=<id>.asc`); the server must know the column. */
  readonly sortable?: boolean;
  /** Shown only when chosen in the column menu. */
  readonly hidden?: boolean;
  readonly className?: string;
}

export interface DataTableProps<Row extends RowData> {
  /** Names the table for screen readers. */
  readonly label: string;
  /** A stable (module-level or memoised) list. The first column is the row's link and can not be hidden. */
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  readonly rowHref?: (row: Row) => string;
  /** Opens the row beside the list (space, or a click where there is no `rowHref`). */
  readonly onPeek?: (row: Row) => void;
  /** Cursors of lib/db/keyset's Page. */
  readonly next?: string | null;
  readonly previous?: string | null;
  readonly pageLabels?: { readonly previous: string; readonly next: string };
  readonly summary?: string;
  /** What stands here when there are no rows. */
  readonly empty: ReactNode;
  /** Gives each row a box: `x` and shift choose too. */
  readonly selection?: RowSelection;
  /** Extra controls at the right of the column menu. */
  readonly toolbar?: ReactNode;
}

/** A list the server sorts, filters and pages. Hidden columns are in the address as `columns`; j, k, enter and space work on the rows. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, rowHref, onPeek, empty } = props;
  const router = useRouter();
  const body = useRef<HTMLTableSectionElement>(null);
  const [sort, setSort] = useQueryState("sort", { ...URL_OPTIONS });
  const [, setCursor] = useQueryState("cursor", { ...URL_OPTIONS });
  const [shown, setShown] = useQueryState("columns", parseAsArrayOf(parseAsString).withOptions({ history: "replace" }));

  const definitions = useMemo<ColumnDef<typeof features, Row>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        enableSorting: column.sortable ?? false,
        accessorFn: () => null,
      })),
    [columns],
  );
  const sorting = useMemo<SortingState>(() => {
    const [id, direction] = sort?.split(".") ?? [];
    return id ? [{ id, desc: direction === "desc" }] : [];
  }, [sort]);
  const visible = shown ?? columns.filter((column) => !column.hidden).map((column) => column.id);
  const byId = new Map(columns.map((column) => [column.id, column]));
  const data = useMemo(() => [...rows], [rows]);

  const table = useTable({
    features,
    data,
    columns: definitions,
    getRowId: rowId,
    manualSorting: true,
    state: {
      sorting,
      columnVisibility: Object.fromEntries(
        columns.map((column, index) => [column.id, index === 0 || visible.includes(column.id)]),
      ),
    },
    onSortingChange: (updater) => {
      const [first] = typeof updater === "function" ? updater(sorting) : updater;
      void setCursor(null);
      void setSort(first ? `${first.id}.${first.desc ? "desc" : "asc"}` : null);
    },
  });

  const focusedRow = () => {
    const links = [...(body.current?.querySelectorAll<HTMLElement>(ROW_LINK) ?? [])];
    return { links, at: document.activeElement instanceof HTMLElement ? links.indexOf(document.activeElement) : -1 };
  };
  const move = (step: 1 | -1) => (event: KeyboardEvent) => {
    const { links, at } = focusedRow();
    event.preventDefault();
    links[at < 0 ? (step === 1 ? 0 : links.length - 1) : Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
  };
  useShortcut("list.next", move(1));
  useShortcut("list.previous", move(-1));
  const ids = useMemo(() => rows.map(rowId), [rows, rowId]);
  const selecting = useRowSelection(props.selection, ids);
  useShortcut("list.select", () => selecting?.toggle(focusedRow().at, false), selecting !== null);
  useShortcut(
    "list.peek",
    (event) => {
      const row = rows[focusedRow().at];
      if (row !== undefined) {
        event.preventDefault();
        onPeek?.(row);
      }
    },
    onPeek !== undefined,
  );

  function openRow(row: Row, event: MouseEvent<HTMLElement>) {
    const onControl =
      event.target instanceof Element && event.target.closest("a,button,input,label,[role=menuitem],[role=checkbox]");
    if (onControl || window.getSelection()?.toString()) return;
    const href = rowHref?.(row);
    if (href === undefined) {
      onPeek?.(row);
    } else if (event.metaKey || event.ctrlKey) {
      window.open(href, "_blank", "noopener");
    } else {
      router.push(href);
    }
  }

  const opens = rowHref !== undefined || onPeek !== undefined;
  return (
    <div className="min-w-0 rounded-lg border bg-surface">
      <div className="flex items-center justify-end gap-1 border-b px-2 py-1">
        {props.toolbar}
        <Menu
          trigger={
            <Button variant="ghost" size="sm">
              <Columns3 aria-hidden />
              Columns
            </Button>
          }
        >
          <MenuGroup label="Columns">
            {columns.slice(1).map((column) => (
              <MenuCheckItem
                key={column.id}
                checked={visible.includes(column.id)}
                onCheckedChange={(on) =>
                  void setShown(on ? [...visible, column.id] : visible.filter((id) => id !== column.id))
                }
              >
                {column.header}
              </MenuCheckItem>
            ))}
          </MenuGroup>
        </Menu>
      </div>
      {rows.length === 0 ? (
        empty
      ) : (
        <Table aria-label={label}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {selecting === null ? null : <SelectAllHead selecting={selecting} />}
                {group.headers.map((header) => {
                  const column = byId.get(header.column.id);
                  const sorted = header.column.getIsSorted();
                  return (
                    <TableHead
                      key={header.id}
                      className={column?.align === "right" ? "text-right" : undefined}
                      aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending" : undefined}
                    >
                      {header.column.getCanSort() ? (
                        <button
                          type="button"
                          className="inline-flex min-h-6 items-center gap-1 rounded hover:text-fg"
                          onClick={header.column.getToggleSortingHandler()}
                        >
                          {column?.header}
                          {sorted === "asc" ? <ArrowUp aria-hidden className="size-3" /> : null}
                          {sorted === "desc" ? <ArrowDown aria-hidden className="size-3" /> : null}
                        </button>
                      ) : (
                        column?.header
                      )}
                    </TableHead>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody ref={body}>
            {table.getRowModel().rows.map((row, at) => (
              <TableRow
                key={row.id}
                className={cn(opens && "cursor-pointer focus-within:bg-selected")}
                onClick={(event) => openRow(row.original, event)}
              >
                {selecting === null ? null : <SelectCell selecting={selecting} id={row.id} at={at} />}
                {row.getVisibleCells().map((cell, index) => {
                  const column = byId.get(cell.column.id);
                  const content = column?.cell(row.original);
                  return (
                    <TableCell
                      key={cell.id}
                      className={cn(column?.align === "right" && "text-right", column?.className)}
                    >
                      {index === 0 ? (
                        <RowLink href={rowHref?.(row.original)} onPeek={onPeek && (() => onPeek(row.original))}>
                          {content}
                        </RowLink>
                      ) : (
                        content
                      )}
                    </TableCell>
                  );
                })}
              </TableRow>
            ))}
          </tbody>
        </Table>
      )}
      <CursorPagination
        next={props.next ?? null}
        previous={props.previous ?? null}
        {...(props.pageLabels ? { labels: props.pageLabels } : {})}
        {...(props.summary ? { summary: props.summary } : {})}
      />
    </div>
  );
}

/** The row's own link or button: what the keyboard lands on. */
function RowLink({
  href,
  onPeek,
  children,
}: {
  readonly href: string | undefined;
  readonly onPeek: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  const look = "inline-flex min-h-6 max-w-full items-center text-left hover:underline";
  if (href !== undefined) {
    return (
      <Link href={href} data-row-link className={look} prefetch={false}>
        {children}
      </Link>
    );
  }
  return onPeek === undefined ? (
    children
  ) : (
    <button type="button" data-row-link className={look} onClick={onPeek}>
      {children}
    </button>
  );
}
