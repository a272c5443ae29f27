import { Scissors } from "lucide-react";
import { formatCount } from "@/components/ui/format-quantity";
import type { RowsResult } from "./statement-source";

/** How many rows had arrived, and what of the answer is not recorded. */
export function ResultFooter({
  result,
  arrived,
  total,
}: {
  readonly result: RowsResult;
  readonly arrived: number;
  readonly total: number | null;
}) {
  const got = total === null || total <= result.recorded ? null : formatCount(total);
  const recorded = formatCount(result.recorded);
  return (
    <footer className="flex min-h-8 flex-wrap items-center gap-x-3 border-t px-3 py-1 text-muted text-xs">
      <span role="status">
        {formatCount(arrived)} {arrived === 1 ? "row" : "rows"}
        {arrived < result.recorded ? ` of ${recorded} so far` : ""}
      </span>
      {result.leftOut === null ? null : (
        <span className="flex items-center gap-1.5 text-warn">
          <Scissors aria-hidden className="size-3.5" />
          {result.leftOut === "shape"
            ? `Only the shape is recorded: the client got ${got ?? "its"} rows, the recording has their columns.`
            : `The client got ${got === null ? "more" : `${got} rows`}; the first ${recorded} are recorded: the connection's limit was reached.`}
        </span>
      )}
    </footer>
  );
}
