import Link from "next/link";
import { AuditTable } from "@/components/audit/audit-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { absoluteTime } from "@/components/ui/format-time";
import { getAuditEvent } from "@/lib/audit/get";
import { type AuditPage, listAudit } from "@/lib/audit/list";
import type { Ctx } from "@/lib/ctx";
import { SallyportError } from "@/lib/errors/error";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { AUDIT_PARAMS, readAuditFilter } from "./search-params";

/** The events that the address asks for, or why there are none. */
export async function AuditResults({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  let page: AuditPage;
  try {
    page = await listAudit(ctx, { filter: readAuditFilter(params), cursor: cursorOf(params) });
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
  const { event } = params;
  // A link to an event opens it, on whatever page of the list it stands by now.
  const linked = typeof event === "string" ? await getAuditEvent(ctx, event) : null;
  const searched = page.searchedTo === null ? null : `${absoluteTime(page.searchedTo.getTime(), "UTC")} UTC`;
  return (
    <AuditTable
      rows={page.rows}
      linked={linked}
      next={page.next}
      previous={page.previous}
      summary={searched === null ? null : `Searched back to ${searched}. Older events were not looked at yet.`}
      empty={<NothingFound filtered={AUDIT_PARAMS.some((name) => params[name] !== undefined)} searched={searched} />}
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/audit" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}

function NothingFound({ filtered, searched }: { readonly filtered: boolean; readonly searched: string | null }) {
  if (searched !== null) {
    return (
      <EmptyState kind="no-result" title={`Nothing found back to ${searched}`}>
        Older events were not looked at yet: press “Older” below to go on searching.
      </EmptyState>
    );
  }
  return filtered ? (
    <EmptyState kind="no-result" title="No event fits these filters" action={<ClearFilters />} />
  ) : (
    <EmptyState kind="first-use" title="No event yet">
      Every sign-in, refusal and change is written down here.
    </EmptyState>
  );
}
