import Link from "next/link";
import { ColumnReadTable } from "@/components/statements/column-read-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import type { RawParams } from "@/lib/http/address-params";
import { COLUMN_READ_LIMIT, type ColumnRead, whoSaw } from "@/lib/statements/who-saw";
import { readColumnReadFilter } from "./search-params";

/** What counts as having seen a column, said wherever nothing is shown. */
const COUNTED =
  "Counted are statements that returned rows with the column's values in them. A column that is only used in a condition does not count, and neither does a statement without rows.";

/** The reads that the address asks for, or why there are none. */
export async function ColumnReadResults({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  let found: { readonly rows: readonly ColumnRead[]; readonly more: boolean };
  try {
    const filter = readColumnReadFilter(params);
    if (filter.column === undefined && filter.identity === undefined) {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="first-use" title="Choose a column or an identity">
            {COUNTED}
          </EmptyState>
        </div>
      );
    }
    found = await whoSaw(ctx, filter);
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="error" title="This address has a filter that is not understood" action={<Clear />}>
            {error.message}
          </EmptyState>
        </div>
      );
    }
    throw error;
  }
  return (
    <ColumnReadTable
      rows={found.rows}
      {...(found.more
        ? { summary: `The ${COLUMN_READ_LIMIT} with most rows. There are more: choose a column or a shorter time.` }
        : {})}
      empty={
        <EmptyState kind="no-result" title="Nobody got values of it in this time" action={<Clear />}>
          {COUNTED}
        </EmptyState>
      }
    />
  );
}

function Clear() {
  return (
    <Link href="/statements/columns" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}
