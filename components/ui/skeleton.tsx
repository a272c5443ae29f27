import { cn } from "./cn";

/** The grey shape of something that is still loading, in its final size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cn("block h-4 animate-pulse rounded bg-hover", className)} />;
}

/** The shape of a list page: header, filters, rows. */
export function ListSkeleton({ rows = 12, columns = 5 }: { readonly rows?: number; readonly columns?: number }) {
  const cells = Array.from({ length: columns }, (_, i) => `c${i}`);
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4">
      <Skeleton className="h-7 w-48" />
      <Skeleton className="h-8 w-full max-w-md" />
      <div className="rounded-lg border bg-surface">
        {Array.from({ length: rows }, (_, i) => `r${i}`).map((row) => (
          <div key={row} className="flex h-9 items-center gap-6 border-b px-3 last:border-b-0">
            {cells.map((cell) => (
              <Skeleton key={cell} className="h-3 flex-1" />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
