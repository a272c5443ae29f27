"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Sheet } from "@/components/ui/sheet";
import { Skeleton } from "@/components/ui/skeleton";
import { Time } from "@/components/ui/time";
import type { StatementRow } from "@/lib/statements/list";
import { StatementFacts, type StatementFactsProps } from "./statement-facts";

/** A statement beside the list it was found in. */
export function StatementPeek({ row, onClose }: { readonly row: StatementRow | null; readonly onClose: () => void }) {
  return (
    <Sheet
      open={row !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Statement"
      description={
        row === null ? null : (
          <>
            {row.identityName ?? row.identityId} on {row.connectionName}, <Time value={row.at} mode="both" />
          </>
        )
      }
      footer={
        row === null ? null : (
          <>
            <Link href={`/sessions/${row.sessionId}`} className={buttonStyles({})}>
              Open its session
            </Link>
            <Link href={`/statements/${row.id}`} className={buttonStyles({ variant: "primary" })}>
              Open
            </Link>
          </>
        )
      }
    >
      {row === null ? null : <Loaded key={row.id} id={row.id} />}
    </Sheet>
  );
}

type Load =
  | { readonly at: "loading" | "failed" }
  | { readonly at: "done"; readonly statement: StatementFactsProps["statement"] };

/** The list has only the beginning of the text: the whole record is read when it is looked at. */
function Loaded({ id }: { readonly id: string }) {
  const [load, setLoad] = useState<Load>({ at: "loading" });
  useEffect(() => {
    const stop = new AbortController();
    async function read() {
      try {
        const response = await fetch(`/api/statements/${id}`, { signal: stop.signal });
        if (!response.ok) throw new Error(String(response.status));
        setLoad({ at: "done", statement: await response.json() });
      } catch {
        if (!stop.signal.aborted) setLoad({ at: "failed" });
      }
    }
    void read();
    return () => stop.abort();
  }, [id]);
  if (load.at === "done") return <StatementFacts statement={load.statement} />;
  if (load.at === "failed") {
    return (
      <EmptyState kind="error" title="The statement could not be read">
        Close this panel and open the statement on its own page.
      </EmptyState>
    );
  }
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-3">
      <Skeleton className="h-40" />
      <Skeleton className="h-4 w-2/3" />
      <Skeleton className="h-4 w-1/2" />
    </div>
  );
}
