import Link from "next/link";
import { SessionTable } from "@/components/sessions/session-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { absoluteTime } from "@/components/ui/format-time";
import type { Ctx } from "@/lib/ctx";
import { FIRST_ID } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { listSessions, type SessionPage } from "@/lib/sessions/list";
import { readSessionFilter, SESSION_PARAMS } from "./search-params";

/** The sessions that the address asks for, or why there are none. */
export async function SessionResults({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  const cursor = cursorOf(params);
  let page: SessionPage;
  try {
    page = await listSessions(ctx, { filter: readSessionFilter(params), cursor });
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
  const filtered = SESSION_PARAMS.some((name) => params[name] !== undefined);
  const searched = page.searchedTo === null ? null : `${absoluteTime(page.searchedTo.getTime(), "UTC")} UTC`;
  return (
    <SessionTable
      rows={page.rows}
      next={page.next}
      previous={page.previous}
      {...(searched === null
        ? {}
        : { summary: `Searched back to ${searched}. Older sessions were not looked at yet.` })}
      newerThan={cursor === null && !filtered ? (page.rows[0]?.id ?? FIRST_ID) : null}
      empty={<NothingFound filtered={filtered} searched={searched} />}
    />
  );
}

function ClearFilters() {
  return (
    <Link href="/sessions" className={buttonStyles({})}>
      Clear filters
    </Link>
  );
}

function NothingFound({ filtered, searched }: { readonly filtered: boolean; readonly searched: string | null }) {
  if (searched !== null) {
    return (
      <EmptyState kind="no-result" title={`Nothing found back to ${searched}`}>
        Older sessions were not looked at yet: press “Older” below to go on searching.
      </EmptyState>
    );
  }
  if (filtered) {
    return <EmptyState kind="no-result" title="No session fits these filters" action={<ClearFilters />} />;
  }
  return (
    <EmptyState
      kind="first-use"
      title="No session yet"
      action={
        <Link href="/connect" className={buttonStyles({ variant: "primary" })}>
          Connect an agent
        </Link>
      }
    >
      As soon as a client logs in at the gateway its session stands here, with who it is and what it does.
    </EmptyState>
  );
}
