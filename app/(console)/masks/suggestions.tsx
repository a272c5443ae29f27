import Link from "next/link";
import { FindingList } from "@/components/masks/findings/finding-list";
import { buttonStyles } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { ConsoleCtx } from "@/lib/auth/console-ctx";
import type { Page } from "@/lib/db/keyset";
import { SallyportError } from "@/lib/errors/error";
import { type FindingView, findingFilter, listFindings } from "@/lib/findings/list";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import { browseColumns } from "@/lib/masks/browse-columns";
import { parseInput } from "@/lib/parse-input";
import { maskActions, maskEditorFacts, type NamedConnection } from "./editor-facts";
import { FINDING_PARAMS, FINDING_SHOWS, findingShow } from "./search-params";

/** Columns that look sensitive, for a person to accept or dismiss; of one connection or of all. */
export async function Suggestions({
  ctx,
  params,
  connections,
}: {
  readonly ctx: ConsoleCtx;
  readonly params: RawParams;
  readonly connections: readonly NamedConnection[];
}) {
  const show = findingShow(params) ?? "unreviewed";
  const connection = connections.find((one) => one.name === params.connection);
  let page: Page<FindingView>;
  try {
    const filter = parseInput(
      findingFilter,
      {
        status: FINDING_SHOWS[show],
        ...(connection === undefined ? {} : { connectionId: connection.id }),
        ...(params.kind === undefined || params.kind === "" ? {} : { kind: params.kind }),
        ...(params.q === undefined || params.q === "" ? {} : { q: params.q }),
      },
      "The filter in the address",
    );
    page = await listFindings(ctx, { filter, cursor: cursorOf(params) });
  } catch (error) {
    if (error instanceof SallyportError && error.code === "INVALID_INPUT") {
      return (
        <div className="rounded-lg border bg-surface">
          <EmptyState
            kind="error"
            title="This address has a filter that is not understood"
            action={
              <Link href="/masks?show=unreviewed" className={buttonStyles({})}>
                Clear filters
              </Link>
            }
          >
            {error.message}
          </EmptyState>
        </div>
      );
    }
    throw error;
  }
  const facts = await maskEditorFacts(ctx);
  const shown = [...new Set(page.rows.map((row) => row.connectionId))];
  const schemas = await Promise.all(shown.map((id) => browseColumns(ctx, id, {}, null)));
  return (
    <FindingList
      show={show}
      rows={page.rows}
      next={page.next}
      previous={page.previous}
      connections={connections.map((one) => one.name)}
      filtered={connection !== undefined || FINDING_PARAMS.some((name) => params[name] !== undefined)}
      masks={schemas.flatMap((one) => one.masks)}
      joinClasses={schemas[0]?.joinClasses ?? []}
      actions={maskActions(ctx)}
      {...facts}
    />
  );
}
