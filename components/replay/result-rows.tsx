import { EyeOff } from "lucide-react";
import { WhyMasked } from "@/components/masks/why-masked";
import { cn } from "@/components/ui/cn";
import { METHOD_LABELS } from "@/lib/masking/labels";
import type { ReplayColumn, ReplayValue } from "@/lib/recordings/replay-model";
import { CellValue } from "./cell-value";

export const ROW_PX = 28;
export const HEAD_PX = 46;

/** Names and types of a result's columns; a masked one says how and why. */
export function ResultHead({
  columns,
  widths,
  connection,
}: {
  readonly columns: readonly ReplayColumn[];
  readonly widths: readonly number[];
  readonly connection: string;
}) {
  return (
    <thead className="sticky top-0 z-10">
      <tr>
        <th
          scope="col"
          className="w-14 border-b bg-surface px-2 text-right font-normal text-faint"
          style={{ height: HEAD_PX }}
        >
          #
        </th>
        {columns.map((column, at) => (
          <th
            // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
            key={at}
            scope="col"
            style={{ width: widths[at] }}
            className={cn(
              "border-b border-l bg-surface px-2 text-left font-normal",
              column.masked !== null && "bg-accent-soft",
            )}
          >
            <span className="flex min-w-0 items-center gap-1">
              <span className="truncate font-medium font-sans text-sm">{column.name}</span>
              {column.masked === null ? null : (
                <WhyMasked
                  connection={connection}
                  what={column.name}
                  method={column.masked.method}
                  columns={column.masked.columns}
                />
              )}
            </span>
            <span className="flex items-center gap-1.5 truncate text-muted">
              {column.masked === null ? null : (
                <span className="flex items-center gap-0.5 text-accent-text">
                  <EyeOff aria-hidden className="size-3" />
                  {METHOD_LABELS[column.masked.method].label}
                </span>
              )}
              {column.type}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** One row; its values may still be on their way. A press on a cell shows it in full, as the arrows of the grid do. */
export function ResultRow({
  index,
  columns,
  values,
  chosen,
  onChoose,
}: {
  readonly index: number;
  readonly columns: readonly ReplayColumn[];
  readonly values: readonly ReplayValue[] | undefined;
  readonly chosen: number | null;
  readonly onChoose: (column: number) => void;
}) {
  return (
    <tr aria-rowindex={index + 2} className="hover:bg-hover" style={{ height: ROW_PX }}>
      <th scope="row" className="border-b px-2 text-right font-normal text-faint">
        {index + 1}
      </th>
      {columns.map((column, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the arrows of the grid do the same
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
          key={at}
          onClick={() => onChoose(at)}
          data-chosen={chosen === at || undefined}
          className={cn(
            "cursor-default truncate whitespace-pre border-b border-l px-2 -outline-offset-2 data-chosen:outline-2 data-chosen:outline-accent",
            column.masked !== null && "bg-accent-soft text-accent-text",
          )}
        >
          {column.masked === null ? null : <EyeOff aria-label="masked" className="mr-1 inline size-3 align-[-2px]" />}
          {values === undefined ? "…" : <CellValue value={values[at] ?? null} />}
        </td>
      ))}
    </tr>
  );
}
