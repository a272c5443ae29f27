import { X } from "lucide-react";
import { MethodBadge } from "@/components/masks/method-badge";
import { WhyMasked } from "@/components/masks/why-masked";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { ReplayColumn, ReplayValue } from "@/lib/recordings/replay-model";
import { valueText } from "./cell-value";

/** One cell in full: where it is, its whole value, and what hid it. */
export function CellDetail({
  column,
  row,
  value,
  connection,
  onClose,
}: {
  readonly column: ReplayColumn;
  readonly row: number;
  readonly value: ReplayValue;
  readonly connection: string;
  readonly onClose: () => void;
}) {
  const text = valueText(value);
  return (
    <section aria-label="Cell" className="flex flex-col gap-1 border-t bg-bg px-3 py-2">
      <div className="flex min-w-0 flex-wrap items-center gap-2 text-xs">
        <span className="font-medium">{column.name}</span>
        <span className="text-faint">
          row {row + 1}, {column.type}
        </span>
        {column.masked === null ? null : (
          <>
            <MethodBadge method={column.masked.method} />
            <WhyMasked
              connection={connection}
              what="this cell"
              method={column.masked.method}
              columns={column.masked.columns}
            />
          </>
        )}
        <span className="ml-auto flex">
          <CopyButton value={text} label="Copy the cell" />
          <Button variant="ghost" size="icon-sm" aria-label="Close the cell" onClick={onClose}>
            <X aria-hidden />
          </Button>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <pre tabIndex={0} className="max-h-32 overflow-auto whitespace-pre-wrap break-all font-mono text-xs leading-5">
        {value === null ? <span className="text-faint italic">NULL</span> : text}
      </pre>
    </section>
  );
}
