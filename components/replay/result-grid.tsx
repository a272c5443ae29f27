"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { EyeOff } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { WhyMasked } from "@/components/masks/why-masked";
import { cn } from "@/components/ui/cn";
import { cameBy } from "@/lib/recordings/timeline/moment";
import { CellDetail } from "./cell-detail";
import { CellValue } from "./cell-value";
import { columnWidths } from "./column-widths";
import { ResultFooter } from "./result-footer";
import { type RowsResult, WINDOW_ROWS } from "./statement-source";
import { usePlayer, useReplay } from "./use-player";

const ROW_PX = 28;
const HEAD_PX = 44;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [20, 0],
  PageUp: [-20, 0],
};

/** A result as rows, as many as had arrived. More are read while somebody scrolls; arrows walk over its cells. */
export function ResultGrid({
  statementId,
  place,
  result,
  total,
}: {
  readonly statementId: string;
  readonly place: number;
  readonly result: RowsResult;
  /** Rows that the client got, where it is known for this result alone. */
  readonly total: number | null;
}) {
  const { source, replay } = useReplay();
  useSyncExternalStore(source.subscribe, source.version, source.version);
  const arrived = usePlayer((state) => arrivedRows(result, state.us, (from) => source.rows(statementId, place, from)));
  const widths = useMemo(() => columnWidths(result.columns, result.rows), [result]);
  const box = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<readonly [number, number] | null>(null);
  const rows = useVirtualizer({
    count: arrived,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    paddingStart: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    overscan: 10,
    useFlushSync: false,
  });
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    for (let from = windowOf(first); from <= last && from < result.recorded; from += WINDOW_ROWS) {
      source.wantRows(statementId, place, from);
    }
    // While rows arrive, the next ones are read ahead.
    if (arrived % WINDOW_ROWS === 0 && arrived < result.recorded) source.wantRows(statementId, place, arrived);
  }, [first, last, arrived, result, source, statementId, place]);
  const rowAt = (index: number) => source.rows(statementId, place, windowOf(index))?.rows[index % WINDOW_ROWS];

  const onKey = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined || arrived === 0) return;
    event.preventDefault();
    const [row, column] = cell ?? [0, -1];
    const next = [
      Math.min(Math.max(row + move[0], 0), arrived - 1),
      Math.min(Math.max(column + move[1], 0), result.columns.length - 1),
    ] as const;
    setCell(next);
    rows.scrollToIndex(next[0]);
  };
  const chosenRow = cell === null ? undefined : rowAt(cell[0]);
  const chosenColumn = cell === null ? undefined : result.columns[cell[1]];
  const wide = widths.reduce((sum, one) => sum + one, 56);
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a virtual grid; a table can not leave out rows and stay one */}
      <div
        ref={box}
        role="grid"
        aria-label={`Result ${place + 1}`}
        aria-rowcount={arrived + 1}
        aria-colcount={result.columns.length}
        tabIndex={0}
        onKeyDown={onKey}
        className="relative min-h-64 flex-1 overflow-auto font-mono text-xs outline-offset-[-2px] max-xl:max-h-96"
      >
        <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize(), minWidth: wide }}>
          <div
            role="row"
            aria-rowindex={1}
            className="sticky top-0 z-10 flex border-b bg-surface"
            style={{ height: HEAD_PX }}
          >
            <span role="columnheader" className="flex w-14 shrink-0 items-end justify-end px-2 pb-1 text-faint">
              #
            </span>
            {result.columns.map((column, at) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                key={at}
                role="columnheader"
                className={cn(
                  "flex shrink-0 flex-col justify-center border-l px-2",
                  column.masked !== null && "bg-accent-soft",
                )}
                style={{ width: widths[at] }}
              >
                <span className="flex min-w-0 items-center gap-1">
                  <span className="truncate font-medium font-sans text-sm">{column.name}</span>
                  {column.masked === null ? null : (
                    <WhyMasked
                      connection={replay.session.connectionName}
                      what={column.name}
                      method={column.masked.method}
                      columns={column.masked.columns}
                    />
                  )}
                </span>
                <span className="flex items-center gap-1 truncate text-faint">
                  {column.masked === null ? null : (
                    <span className="flex items-center gap-0.5 text-accent-text">
                      <EyeOff aria-hidden className="size-3" />
                      {column.masked.method}
                    </span>
                  )}
                  {column.type}
                </span>
              </span>
            ))}
          </div>
          {items.map((item) => {
            const row = rowAt(item.index);
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                className="absolute inset-x-0 top-0 flex border-b hover:bg-hover"
                style={{ height: ROW_PX, transform: `translateY(${item.start}px)` }}
              >
                <span role="rowheader" className="w-14 shrink-0 px-2 text-right text-faint leading-7">
                  {item.index + 1}
                </span>
                {result.columns.map((column, at) => (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
                  <span
                    // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                    key={at}
                    role="gridcell"
                    tabIndex={-1}
                    aria-selected={cell?.[0] === item.index && cell[1] === at}
                    onClick={() => setCell([item.index, at])}
                    className={cn(
                      "flex shrink-0 items-center gap-1 overflow-hidden border-l px-2 leading-7 -outline-offset-2 aria-selected:outline-2 aria-selected:outline-accent",
                      column.masked !== null && "bg-accent-soft text-accent-text",
                    )}
                    style={{ width: widths[at] }}
                  >
                    {column.masked === null ? null : <EyeOff aria-label="masked" className="size-3 shrink-0" />}
                    <span className="min-w-0 flex-1 truncate whitespace-pre">
                      {row === undefined ? "…" : <CellValue value={row[at] ?? null} />}
                    </span>
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {cell === null || chosenRow === undefined || chosenColumn === undefined ? null : (
        <CellDetail
          column={chosenColumn}
          row={cell[0]}
          value={chosenRow[cell[1]] ?? null}
          connection={replay.session.connectionName}
          onClose={() => setCell(null)}
        />
      )}
      <ResultFooter result={result} arrived={arrived} total={total} />
    </>
  );
}

function windowOf(index: number): number {
  return index - (index % WINDOW_ROWS);
}

/** Rows that had arrived, as far as their moments are known; all of them when the last known one had. */
function arrivedRows(result: RowsResult, us: number, windowFrom: (from: number) => RowsResult | null): number {
  if (us >= (result.rowsAtUs.at(-1) ?? 0) && result.recorded <= result.rows.length) return result.recorded;
  let came = cameBy(result.rowsAtUs, us);
  while (came > 0 && came % WINDOW_ROWS === 0 && came < result.recorded) {
    const next = windowFrom(came);
    // Until the next window says better, the rest of a long answer is taken for arrived.
    if (next === null) return result.recorded;
    const more = cameBy(next.rowsAtUs, us);
    if (more === 0) break;
    came += more;
  }
  return came;
}
