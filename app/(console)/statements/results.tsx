import Link from "next/link";
import { LiveStatementTable } from "@/components/statements/live-statement-table";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { absoluteTime } from "@/components/ui/format-time";
import type { Ctx } from "@/lib/ctx";
import { FIRST_ID } from "@/lib/db/ulid-bounds";
import { SallyportError } from "@/lib/errors/error";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { latestStatementId, listStatements, NEW_STATEMENTS_LIMIT, type StatementPage } from "@/lib/statements/list";
import { readStatementFilter, STATEMENT_PARAMS } from "./search-params";

const NOT_YET = "Older statements were not looked at yet.";
/** Found by their templates; older ones that hold the text only as a value are not there. */
const FURTHER = "Of older ones only those whose template holds the text are shown: press “Older” to look at all.";

/** The statements that the address asks for, or why there are none. */
export async function StatementResults({ ctx, params }: { readonly ctx: Ctx; readonly params: RawParams }) {
  const cursor = cursorOf(params);
  const latest = await latestStatementId(ctx);
  let page: StatementPage;
  try {
    page = await listStatements(ctx, { filter: readStatementFilter(params), cursor });
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return <BadAddress message={error.message} />;
    }
    throw error;
  }
  // What arrived between the two readings stands in the list already.
  const newest = [latest ?? FIRST_ID, page.rows[0]?.id ?? FIRST_ID].toSorted().at(-1) ?? FIRST_ID;
  const filtered = STATEMENT_PARAMS.some((name) => params[name] !== undefined);
  const searched = page.searchedTo === null ? null : `${absoluteTime(page.searchedTo.getTime(), "UTC")} UTC`;
  return (
    <LiveStatementTable
      label="Statements"
      rows={[...page.rows, ...page.further]}
      next={page.next}
      previous={page.previous}
      {...(searched === null
        ? {}
        : { summary: `Searched back to ${searched}. ${page.further.length === 0 ? NOT_YET : FURTHER}` })}
      newerThan={cursor === null ? newest : null}
      countLimit={NEW_STATEMENTS_LIMIT}
      empty={<NothingFound filtered={filtered} searched={searched} />}
    />
  );
}

function NothingFound({ filtered, searched }: { readonly filtered: boolean; readonly searched: string | null }) {
  if (searched !== null) {
    return (
      <EmptyState kind="no-result" title={`Nothing found back to ${searched}`}>
        Older statements were not looked at yet: press “Older” below to go on searching, or narrow the search by
        identity, connection or time.
      </EmptyState>
    );
  }
  if (filtered) {
    return (
      <EmptyState
        kind="no-result"
        title="No statement fits these filters"
        action={
          <Link href="/statements" className={buttonStyles({})}>
            Clear filters
          </Link>
        }
      />
    );
  }
  return (
    <EmptyState
      kind="first-use"
      title="No statement yet"
      action={
        <Link href="/connect" className={buttonStyles({ variant: "primary" })}>
          Connect an agent
        </Link>
      }
    >
      As soon as a client sends a statement through the gateway it stands here, with who sent it and when.
    </EmptyState>
  );
}

function BadAddress({ message }: { readonly message: string }) {
  return (
    <div className="rounded-lg border bg-surface">
      <EmptyState
        kind="error"
        title="This address has a filter that is not understood"
        action={
          <Link href="/statements" className={buttonStyles({})}>
            Clear filters
          </Link>
        }
      >
        {message}
      </EmptyState>
    </div>
  );
}
