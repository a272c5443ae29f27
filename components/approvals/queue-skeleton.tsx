import { Skeleton } from "@/components/ui/skeleton";
import { SheetSkeleton } from "./sheet-skeleton";

/** The shape of the queue while it is read. */
export function QueueSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(20rem,26rem)_minmax(0,1fr)]">
      <div role="status" aria-label="Loading" className="rounded-lg border bg-surface">
        {Array.from({ length: 6 }, (_, at) => `r${at}`).map((row) => (
          <div key={row} className="flex flex-col gap-2 border-b px-3 py-3 last:border-b-0">
            <Skeleton className="w-2/3" />
            <Skeleton className="h-3 w-full" />
          </div>
        ))}
      </div>
      <div className="max-lg:hidden">
        <SheetSkeleton />
      </div>
    </div>
  );
}
