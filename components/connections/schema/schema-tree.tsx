"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, Eye, EyeOff, Folder, Table2 } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { cn } from "@/components/ui/cn";
import { nameOf, type TreeRow } from "./tree-rows";

const ROW_HEIGHT = 28;
const keyOf = (row: TreeRow) => (row.kind === "schema" ? row.schema : nameOf(row.schema, row.table));

/** The tree itself; only the lines in sight are drawn. Arrows move, enter opens, as in every tree. */
export function SchemaTreeList({
  rows,
  selected,
  masked,
  onToggle,
  onSelect,
}: {
  readonly rows: readonly TreeRow[];
  readonly selected: string | null;
  /** How many columns of a table are masked, by `nameOf`; left out where that is not shown. */
  readonly masked?: ReadonlyMap<string, number>;
  readonly onToggle: (schema: string) => void;
  readonly onSelect: (row: Extract<TreeRow, { kind: "table" }>) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const at = Math.min(current, Math.max(rows.length - 1, 0));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
  });

  function go(to: number) {
    const next = Math.max(0, Math.min(to, rows.length - 1));
    setCurrent(next);
    virtual.scrollToIndex(next);
  }
  function act(row: TreeRow) {
    if (row.kind === "schema") onToggle(row.schema);
    else onSelect(row);
  }
  function onKeyDown(event: KeyboardEvent) {
    const row = rows[at];
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      PageDown: () => go(at + 12),
      PageUp: () => go(at - 12),
      Enter: () => act(row),
      " ": () => act(row),
      ArrowRight: () => (row.kind === "schema" && !row.open ? onToggle(row.schema) : go(at + 1)),
      ArrowLeft: () => {
        if (row.kind === "schema" && row.open) onToggle(row.schema);
        else if (row.kind === "table") go(rows.findIndex((one) => one.kind === "schema" && one.schema === row.schema));
      },
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  const active = rows[at];
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Schemas and tables"
      tabIndex={0}
      aria-activedescendant={active === undefined ? undefined : `tree-${keyOf(active)}`}
      onKeyDown={onKeyDown}
      className="h-[min(18rem,40vh)] lg:h-[min(32rem,60vh)] min-w-0 overflow-auto rounded-lg border bg-surface"
    >
      {rows.length === 0 ? <p className="p-4 text-center text-muted text-sm">No table is called that.</p> : null}
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all its items (aria-activedescendant)
            <div
              key={item.key}
              id={`tree-${key}`}
              role="treeitem"
              tabIndex={-1}
              aria-level={row.kind === "schema" ? 1 : 2}
              {...(row.kind === "schema"
                ? { "aria-expanded": row.open }
                : { "aria-posinset": row.position, "aria-setsize": row.of })}
              aria-selected={row.kind === "table" && key === selected}
              onClick={() => {
                setCurrent(item.index);
                act(row);
              }}
              style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
              className={cn(
                "absolute inset-x-0 top-0 flex cursor-pointer select-none items-center gap-1.5 px-2 text-sm hover:bg-hover",
                row.kind === "table" && "pl-7",
                row.kind === "table" && key === selected && "bg-selected font-medium",
                item.index === at && "outline-1 outline-line-strong -outline-offset-1",
              )}
            >
              <TreeLine row={row} masked={masked?.get(key) ?? 0} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function TreeLine({ row, masked }: { readonly row: TreeRow; readonly masked: number }) {
  if (row.kind === "schema") {
    return (
      <>
        <ChevronRight aria-hidden className={cn("size-4 shrink-0 text-faint", row.open && "rotate-90")} />
        <Folder aria-hidden className="size-4 shrink-0 text-faint" />
        <span className="min-w-0 flex-1 truncate font-medium">{row.schema}</span>
        <span className="text-faint text-xs">{row.tables}</span>
      </>
    );
  }
  const Icon = row.view ? Eye : Table2;
  return (
    <>
      <Icon aria-hidden className="size-4 shrink-0 text-faint" />
      <span className="min-w-0 flex-1 truncate">{row.table}</span>
      {masked === 0 ? null : (
        <span className="inline-flex shrink-0 items-center gap-0.5 text-accent-text text-xs">
          <EyeOff aria-hidden className="size-3" />
          {masked}
          <span className="sr-only"> masked,</span>
        </span>
      )}
      <span className="text-faint text-xs">
        {row.view ? "view, " : ""}
        {row.columns}
        <span className="sr-only"> columns</span>
      </span>
    </>
  );
}
