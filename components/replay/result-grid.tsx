"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { arrivedRows } from "./arrived-rows";
import { CellDetail } from "./cell-detail";
import { columnWidths } from "./column-widths";
import { ResultFooter } from "./result-footer";
import { HEAD_PX, ResultHead, ResultRow, ROW_PX } from "./result-rows";
import { type RowsResult, WINDOW_ROWS } from "./statement-source";
import { type Spot, usePlayer, useReplay } from "./use-player";

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
  spot,
  total,
}: {
  readonly statementId: string;
  readonly place: number;
  readonly result: RowsResult;
  /** The value to begin with. */
  readonly spot: Spot["at"] | null;
  /** Rows that the client got, where it is known for this result alone. */
  readonly total: number | null;
}) {
  const { source, replay } = useReplay();
  const version = useSyncExternalStore(source.subscribe, source.version, source.version);
  const arrived = usePlayer((state) => arrivedRows(result, state.us, (from) => source.rows(statementId, place, from)));
  const widths = useMemo(() => columnWidths(result.columns, result.rows), [result]);
  const box = useRef<HTMLDivElement>(null);
  const [cell, setCell] = useState<readonly [number, number] | null>(spot === null ? null : [spot.row, spot.column]);
  const rows = useVirtualizer({
    count: arrived,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    paddingStart: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    overscan: 10,
    useFlushSync: false,
  });
  useEffect(() => {
    if (spot === null) return;
    rows.scrollToIndex(spot.row, { align: "center" });
    const before = widths.slice(0, spot.column).reduce((sum, one) => sum + one, 0);
    box.current?.scrollTo({ left: before + (widths[spot.column] ?? 0) > box.current.clientWidth - 56 ? before : 0 });
  }, [spot, rows, widths]);
  const items = rows.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every answer it may turn out that there is more to ask for
  useEffect(() => {
    for (let from = windowOf(first); from <= last && from < result.recorded; from += WINDOW_ROWS) {
      const here = source.rows(statementId, place, from)?.rows.length ?? 0;
      if (from + here <= last && here < WINDOW_ROWS) source.wantRows(statementId, place, from);
    }
    // While rows arrive, the next ones are read ahead.
    if (arrived > 0 && arrived % WINDOW_ROWS === 0 && arrived < result.recorded)
      source.wantRows(statementId, place, arrived);
  }, [first, last, arrived, result, source, statementId, place, version]);
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
  const chosenRow = cell === null || cell[0] >= arrived ? undefined : rowAt(cell[0]);
  const chosenColumn = cell === null ? undefined : result.columns[cell[1]];
  const wide = widths.reduce((sum, one) => sum + one, 56);
  return (
    <>
      <section
        ref={box}
        aria-label={`Result ${place + 1}; arrows walk over its cells`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable)
        tabIndex={0}
        onKeyDown={onKey}
        data-result-grid
        className="min-h-64 flex-1 overflow-auto font-mono text-xs outline-offset-[-2px] max-xl:max-h-96"
      >
        <table
          aria-rowcount={arrived + 1}
          className="table-fixed border-separate border-spacing-0"
          style={{ width: wide }}
        >
          <ResultHead columns={result.columns} widths={widths} connection={replay.session.connectionName} />
          <tbody>
            <Spacer px={(items[0]?.start ?? HEAD_PX) - HEAD_PX} span={result.columns.length + 1} />
            {items.map((item) => (
              <ResultRow
                key={item.key}
                index={item.index}
                columns={result.columns}
                values={rowAt(item.index)}
                chosen={cell?.[0] === item.index ? cell[1] : null}
                onChoose={(column) => setCell([item.index, column])}
              />
            ))}
            <Spacer
              px={rows.getTotalSize() - (items.at(-1)?.end ?? rows.getTotalSize())}
              span={result.columns.length + 1}
            />
          </tbody>
        </table>
      </section>
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

/** Stands for the rows that are out of view. */
function Spacer({ px, span }: { readonly px: number; readonly span: number }) {
  return px <= 0 ? null : (
    <tr aria-hidden>
      <td colSpan={span} style={{ height: px }} />
    </tr>
  );
}

function windowOf(index: number): number {
  return index - (index % WINDOW_ROWS);
}
