import { SessionFollower } from "@/components/sessions/session-follower";
import { StatementTable } from "@/components/statements/statement-table";
import { EmptyState } from "@/components/ui/empty-state";
import type { Ctx } from "@/lib/ctx";
import { encodeCursor } from "@/lib/db/keyset";
import { cursorOf, type RawParams } from "@/lib/http/address-params";
import type { SessionFacts } from "@/lib/sessions/rows";
import { listStatements } from "@/lib/statements/list";

const PAGE_SIZE = 100;
const LAST_PAGE = encodeCursor({ side: "previous", id: null });

/** A session's statements, oldest first. A running session opens at its newest ones, and follows. */
export async function SessionStatements({
  ctx,
  session,
  params,
  running,
}: {
  readonly ctx: Ctx;
  readonly session: SessionFacts;
  readonly params: RawParams;
  readonly running: boolean;
}) {
  const cursor = cursorOf(params) ?? (running ? LAST_PAGE : null);
  const page = await listStatements(ctx, { filter: { session: session.id }, order: "oldest", cursor, size: PAGE_SIZE });
  const newest = page.rows.at(-1)?.id ?? session.id;
  return (
    <StatementTable
      view="session"
      label="Statements of this session"
      rows={page.rows}
      next={page.next}
      previous={page.previous}
      pageLabels={{ previous: "Earlier", next: "Later" }}
      toolbar={
        running ? (
          <SessionFollower
            sessionId={session.id}
            state={session.state}
            newerThan={newest}
            atEnd={page.next === null}
            endHref={`/sessions/${session.id}?cursor=${LAST_PAGE}`}
          />
        ) : null
      }
      empty={
        <EmptyState kind="first-use" title={running ? "Nothing sent yet" : "This session sent nothing"}>
          {running
            ? "The client is logged in. Its statements stand here as soon as it sends them."
            : "The client logged in and left without a statement."}
        </EmptyState>
      }
    />
  );
}
