import Link from "next/link";
import { HistoryTable } from "@/components/approvals/history-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { absoluteTime } from "@/components/ui/format-time";
import { type ApprovalPage, listApprovals } from "@/lib/approvals/list-approvals";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { HISTORY_PARAMS, readHistoryFilter } from "../search-params";

/** The requests that the address asks for, or why there are none. */
export async function HistoryResults({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  let page: ApprovalPage;
  try {
    page = await listApprovals(ctx, { filter: readHistoryFilter(params), cursor: cursorOf(params) });
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState kind="error" title="This address has a filter that is not understood" action={<ClearFilters />}>
            {error.message}
          </EmptyState>
        </div>
      );
    }
    throw error;
  }
  const filtered = HISTORY_PARAMS.some((name) => params[name] !== undefined);
  const searched = page.searchedTo === null ? null : `${absoluteTime(page.searchedTo.getTime(), "UTC")} UTC`;
  return (
    <HistoryTable
      rows={page.rows}
      next={page.next}
      previous={page.previous}
      {...(searched === null
        ? {}
        : { summary: `Searched back to ${searched}. Older requests were not looked at yet.` })}
      empty={<NothingFound filtered={filtered} searched={searched} />}
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/approvals/history" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}

function NothingFound({ filtered, searched }: { readonly filtered: boolean; readonly searched: string | null }) {
  if (searched !== null) {
    return (
      <EmptyState kind="no-result" title={`Nothing found back to ${searched}`}>
        Older requests were not looked at yet: press “Older” below to go on searching.
      </EmptyState>
    );
  }
  if (filtered) return <EmptyState kind="no-result" title="No request fits these filters" action={<ClearFilters />} />;
  return (
    <EmptyState kind="first-use" title="No statement has asked for approval yet">
      Every request will stand here with who decided, when and why.
    </EmptyState>
  );
}
