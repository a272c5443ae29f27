import { Skeleton } from "@/components/ui/skeleton";

const ROWS = Array.from({ length: 9 }, (_, at) => `r${at}`);

/** The shape of the player while its session is read. */
export function ReplaySkeleton({ title }: { readonly title: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3 xl:h-[calc(100dvh-6rem)]">
      <h1 className="min-w-0 break-words font-semibold text-lg leading-7">{title}</h1>
      <div className="flex flex-col gap-3 rounded-lg border bg-surface p-3">
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-8 w-72 max-w-full" />
      </div>
      <div className="grid min-h-96 flex-1 gap-3 xl:grid-cols-[20rem_minmax(0,1fr)_18rem]">
        <div className="flex flex-col gap-4 rounded-lg border bg-surface p-3">
          {ROWS.map((row) => (
            <Skeleton key={row} className="h-8" />
          ))}
        </div>
        <div className="flex flex-col gap-3 rounded-lg border bg-surface p-3">
          <Skeleton className="h-20" />
          <Skeleton className="h-48" />
        </div>
        <div className="flex flex-col gap-3 rounded-lg border bg-surface p-3">
          <Skeleton className="h-16" />
          <Skeleton className="h-24" />
        </div>
      </div>
    </div>
  );
}
